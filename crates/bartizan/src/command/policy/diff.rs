//! `bartizan policy diff`: what each of two policies allows that the other does not.

use std::io::Write as _;

use bartizan_headers::Field as _;
use bartizan_headers::csp::{DirectiveName, Kind, Policy, PolicyList};
use bartizan_reports::advise::{Difference, Side, differences};
use clap::Args;
use serde_json::{Value, json};

use super::words::{of_directive, of_source};
use crate::cli::Format;
use crate::command::reports::harmless_lines;
use crate::exit_code::Outcome;
use crate::output::visible::visible;
use crate::output::{CODE, DIM, HEADING, error};

/// `bartizan policy diff`.
#[derive(Debug, Args)]
#[command(after_help = "Exit code 1 when NEW allows something that OLD does not.")]
pub struct Diff {
    /// The one policy.
    #[arg(value_name = "OLD")]
    pub old: String,
    /// The other.
    #[arg(value_name = "NEW")]
    pub new: String,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

pub(super) fn run(asked: &Diff) -> anyhow::Result<Outcome> {
    let (old, new) = match (policy(&asked.old), policy(&asked.new)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(fault), _) | (_, Err(fault)) => {
            error(&anyhow::anyhow!(fault));
            return Ok(Outcome::Usage);
        }
    };
    let found = differences(&old, &new);
    let mut out = anstream::stdout();
    match asked.format {
        Format::Json => writeln!(out, "{}", harmless_lines(&json(&found)))?,
        Format::Human if found.is_empty() => writeln!(out, "both allow the same")?,
        Format::Human => {
            for difference in &found {
                write(&mut out, difference)?;
            }
        }
    }
    let is_looser = found.iter().any(|difference| !difference.new.is_nothing());
    Ok(if is_looser { Outcome::Problems } else { Outcome::Fine })
}

/// Reads one policy; an empty text is one that says nothing.
fn policy(text: &str) -> Result<Policy, String> {
    let mut policies = PolicyList::parse(&[text]).value.unwrap_or_default().policies;
    match policies.len() {
        0 | 1 => Ok(policies.pop().unwrap_or_default()),
        more => Err(format!("{more} policies that are enforced together are compared one by one; name one of them")),
    }
}

fn json(found: &[Difference]) -> Value {
    let side = |side: &Side| match side {
        Side::Everything => json!("everything"),
        Side::These(words) => json!(words),
    };
    found
        .iter()
        .map(|difference| {
            json!({
                "directives": difference.directives.iter().map(DirectiveName::as_str).collect::<Value>(),
                "only_old": side(&difference.old),
                "only_new": side(&difference.new),
            })
        })
        .collect()
}

fn write(out: &mut impl std::io::Write, difference: &Difference) -> anyhow::Result<()> {
    let names: Vec<_> = difference.directives.iter().map(DirectiveName::as_str).collect();
    let about: Vec<_> = difference.directives.iter().map(of_directive).collect();
    writeln!(out, "{HEADING}{}{HEADING:#}  {DIM}{}{DIM:#}", about.join(", "), names.join(", "))?;
    let kind = difference.directives.first().map_or(Kind::Other, DirectiveName::kind);
    for (who, side) in [("OLD", &difference.old), ("NEW", &difference.new)] {
        match side {
            Side::Everything => writeln!(out, "  only {who} allows everything: it says nothing of this")?,
            Side::These(words) => {
                for word in words {
                    let (word, meaning) = (visible(word), of_source(kind, word));
                    writeln!(out, "  only {who} allows {CODE}{word}{CODE:#}: {}", visible(&meaning))?;
                }
            }
        }
    }
    Ok(())
}
