//! Findings of a live site: each fault once, with all its places and its cure.

use std::fmt::Write as _;

use bartizan_rules::{Platform, Rule};

use super::super::fix::fix;
use super::super::report::{Report, Reported};
use super::severity_style;
use crate::output::visible::{visible, visible_lines};
use crate::output::{BOLD, CODE, DIM, HEADING, wrap};

/// Writes findings that are sorted by severity.
pub(super) fn write(text: &mut String, found: &[&Reported], report: &Report, platform: Option<Platform>, width: usize) {
    for (rule, places) in by_rule(found) {
        let Some(first) = places.first() else { continue };
        let style = severity_style(first.finding.severity);
        let title = wrap(rule.about.title, width.saturating_sub(INDENT)).join(NEXT);
        let _ = writeln!(text, "{style}{:<6}{style:#}  {BOLD}{title}{BOLD:#}", first.finding.severity.as_str());
        let _ = writeln!(text, "        {DIM}{}{DIM:#}", rule.id());
        for reported in places.iter().take(PLACES) {
            let line = format!("{}: {}", reported.finding.at, reported.finding.message);
            let lines = wrap(&visible(&line), width.saturating_sub(INDENT));
            let _ = writeln!(text, "        {}", lines.join(NEXT));
        }
        if places.len() > PLACES {
            let _ = writeln!(text, "        {DIM}and {} more{DIM:#}", places.len() - PLACES);
        }
        let why = wrap(rule.about.why, width.saturating_sub(INDENT)).join(NEXT);
        let _ = writeln!(text, "        {DIM}{why}{DIM:#}");
        if let Some(fix) = fix(&first.finding, report, platform) {
            let name = fix.platform.map_or("Here", Platform::name);
            let _ = writeln!(text, "        {HEADING}{name}{HEADING:#}");
            for line in visible_lines(fix.text).lines() {
                let _ = writeln!(text, "          {CODE}{line}{CODE:#}");
            }
        }
        text.push('\n');
    }
}

/// Returns the findings by rule, in the order in which the rules first come.
pub(in super::super) fn by_rule<'a>(found: &[&'a Reported]) -> Vec<(&'static Rule, Vec<&'a Reported>)> {
    let mut rules: Vec<(&'static Rule, Vec<&Reported>)> = Vec::new();
    for reported in found {
        let rule = reported.finding.rule;
        match rules.iter_mut().find(|(known, _)| *known == rule) {
            Some((_, places)) => places.push(reported),
            None => rules.push((rule, vec![reported])),
        }
    }
    rules
}

const INDENT: usize = 8;
const NEXT: &str = "\n        ";

/// Enough to see the pattern; JSON has them all.
const PLACES: usize = 4;
