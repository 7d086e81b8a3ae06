//! `bartizan rules`: every rule and refusal, in one list.

use std::io::Write as _;

use bartizan_proxy::stages::order::REFUSALS;
use bartizan_rules::catalog::rules as all;

use crate::cli::{Format, Rules};
use crate::exit_code::Outcome;
use crate::output::{DIM, HEADING};

pub(super) fn run(rules: &Rules) -> anyhow::Result<Outcome> {
    let mut out = anstream::stdout();
    match rules.format {
        Format::Json => {
            let rules = all().map(|rule| {
                serde_json::json!({
                    "id": rule.about.id, "kind": "rule", "title": rule.about.title,
                    "topic": rule.topic.as_str(), "severity": rule.severity.as_str(),
                })
            });
            let refusals = REFUSALS.iter().map(|kind| {
                serde_json::json!({
                    "id": kind.about.id, "kind": "refusal", "title": kind.about.title,
                    "status": kind.status.as_u16(),
                })
            });
            let all: Vec<_> = rules.chain(refusals).collect();
            writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?;
        }
        Format::Human => {
            let ids = all().map(|rule| rule.about.id).chain(REFUSALS.iter().map(|kind| kind.about.id));
            let width = ids.map(str::len).max().unwrap_or_default();
            writeln!(out, "{HEADING}Rules: faults of a site{HEADING:#}")?;
            for rule in all() {
                let severity = rule.severity.as_str();
                writeln!(out, "  {:width$}  {DIM}{severity:<8}{DIM:#}  {}", rule.about.id, rule.about.title)?;
            }
            writeln!(out, "\n{HEADING}Refusals: requests and answers that are not let through{HEADING:#}")?;
            for kind in REFUSALS {
                let status = kind.status.as_str();
                writeln!(out, "  {:width$}  {DIM}{status:<8}{DIM:#}  {}", kind.about.id, kind.about.title)?;
            }
            writeln!(out, "\n{DIM}bartizan explain ID tells more of each{DIM:#}")?;
        }
    }
    Ok(Outcome::Fine)
}
