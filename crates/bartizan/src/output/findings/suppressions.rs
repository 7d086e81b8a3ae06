//! A file of findings that somebody set aside, each with a reason and the last day it holds.
//!
//! Without a reason a suppression is refused: in a year nobody would know whether it may go.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};
use bartizan_rules::catalog::find;
use jiff::civil::Date;
use serde::Deserialize;

use super::report::{Report, Standing, Suppression, Within};

/// The file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Suppressions {
    #[serde(default)]
    suppress: Vec<Entry>,
}

/// One entry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// The rule's id.
    rule: String,
    /// A path or address, `*` standing for anything; every place when unsaid.
    at: Option<String>,
    /// Why.
    reason: String,
    /// The last day on which it holds, as `2027-01-31`.
    until: Option<String>,
    #[serde(skip)]
    last: Option<Date>,
}

/// Reads the file.
pub(super) fn read(path: &Path) -> anyhow::Result<Suppressions> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read the suppressions {}", path.display()))?;
    parse(&text).with_context(|| format!("the suppressions {} cannot be used", path.display()))
}

fn parse(text: &str) -> anyhow::Result<Suppressions> {
    let mut suppressions: Suppressions = toml::from_str(text)?;
    for entry in &mut suppressions.suppress {
        ensure!(find(&entry.rule).is_some(), "no rule is called {:?}", entry.rule);
        ensure!(!entry.reason.trim().is_empty(), "{} is suppressed without a reason", entry.rule);
        if let Some(until) = &entry.until {
            let last = until.parse().with_context(|| format!("{until:?} is no date such as 2027-01-31"))?;
            entry.last = Some(last);
        }
    }
    Ok(suppressions)
}

/// Sets aside what the file names and has not outlived its day.
pub(super) fn settle(report: &mut Report, suppressions: &Suppressions, today: Date) {
    for entry in &suppressions.suppress {
        let matches = |place: &str| entry.at.as_deref().is_none_or(|pattern| is_like(place, pattern));
        let is_over = entry.last.is_some_and(|last| last < today);
        let mut was_needed = false;
        for reported in &mut report.found {
            let finding = &reported.finding;
            if finding.rule.id() != entry.rule || !matches(&super::json::place(finding)) {
                continue;
            }
            was_needed = true;
            if !is_over && matches!(reported.standing, Standing::Open) {
                let reason = entry.reason.clone();
                reported.standing = Standing::Suppressed(Suppression { within: Within::File, reason });
            }
        }
        if is_over && was_needed {
            let until = entry.until.as_deref().unwrap_or_default();
            report.notes.push(format!("the suppression of {} ended on {until}: {}", entry.rule, entry.reason));
        }
    }
}

/// Whether the text is what the pattern says, each `*` standing for anything.
fn is_like(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        for (text, pattern, is_match) in [
            ("conf/a.conf", "conf/a.conf", true),
            ("conf/a.conf", "conf/*", true),
            ("conf/a.conf", "*.conf", true),
            ("conf/a.conf", "c*/*f", true),
            ("conf/a.conf", "conf", false),
            ("conf/a.conf", "*.toml", false),
            ("ab", "ab*b", false),
        ] {
            assert_eq!(is_like(text, pattern), is_match, "{text} {pattern}");
        }
    }

    #[test]
    fn a_reason_is_demanded() {
        for (text, is_fine) in [
            ("[[suppress]]\nrule = \"csp-missing\"\nreason = \"an API\"\nuntil = \"2027-01-31\"", true),
            ("", true),
            ("[[suppress]]\nrule = \"csp-missing\"\nreason = \" \"", false),
            ("[[suppress]]\nrule = \"csp-missing\"", false),
            ("[[suppress]]\nrule = \"no-such\"\nreason = \"an API\"", false),
            ("[[suppress]]\nrule = \"csp-missing\"\nreason = \"an API\"\nuntil = \"soon\"", false),
        ] {
            assert_eq!(parse(text).is_ok(), is_fine, "{text}");
        }
    }
}
