//! `bartizan policy replay`: what of the stored reports a policy would still block.

use std::io::Write as _;

use bartizan_headers::Field as _;
use bartizan_headers::csp::PolicyList;
use bartizan_reports::advise::{Observed, Verdict, judge, observe};
use bartizan_reports::store::{Filter, NoiseFilter, Order};
use clap::Args;
use serde_json::{Value, json};

use super::told::{as_json, line};
use crate::cli::Format;
use crate::command::reports::{StoreFile, harmless_lines};
use crate::config::Environment;
use crate::exit_code::Outcome;
use crate::output::{DIM, HEADING, error};

/// `bartizan policy replay`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Replay {
    /// The policy to be tried.
    #[arg(long, value_name = "CSP")]
    pub csp: String,
    /// Only reports of this site.
    #[arg(long, value_name = "SITE")]
    pub site: Option<String>,
    /// Only reports under this version of the policy.
    #[arg(long, value_name = "VERSION")]
    pub policy: Option<String>,
    /// Also what is marked as noise.
    #[arg(long)]
    pub with_noise: bool,
    #[command(flatten)]
    store: StoreFile,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

pub(super) fn run(asked: &Replay, environment: &Environment) -> anyhow::Result<Outcome> {
    let Some(list) = PolicyList::parse(&[&asked.csp]).value else {
        error(&anyhow::anyhow!("there is no policy in --csp"));
        return Ok(Outcome::Usage);
    };
    let mut store = asked.store.open(environment)?;
    let filter = Filter {
        site: asked.site.clone(),
        policy: asked.policy.clone(),
        noise: if asked.with_noise { NoiseFilter::Include } else { NoiseFilter::Exclude },
        order: Order::Count,
        ..Filter::default()
    };
    let observed = observe(&mut *store, &filter)?;
    let judged: Vec<_> = observed.iter().map(|seen| (seen, judge(&list, seen))).collect();
    let is_blocked = judged.iter().any(|(_, verdict)| *verdict == Verdict::Blocked);
    match asked.format {
        Format::Json => writeln!(anstream::stdout(), "{}", harmless_lines(&json(&list, &judged)))?,
        Format::Human => human(&judged)?,
    }
    Ok(if is_blocked { Outcome::Problems } else { Outcome::Fine })
}

type IsMeant = fn(Verdict) -> bool;

/// The three answers, with the words for them.
const ANSWERS: &[(&str, &str, IsMeant)] = &[
    ("blocked", "Still blocked", |verdict| verdict == Verdict::Blocked),
    ("allowed", "Allowed", |verdict| verdict == Verdict::Allowed),
    ("cannot_verify", "Cannot be verified", |verdict| matches!(verdict, Verdict::Unverifiable(_))),
];

fn json(list: &PolicyList, judged: &[(&Observed, Verdict)]) -> Value {
    let mut answer = json!({ "policy": list.to_string() });
    for (name, _, is_meant) in ANSWERS {
        let meant = judged.iter().filter(|(_, verdict)| is_meant(*verdict));
        answer[*name] = meant.map(|(seen, verdict)| as_json(seen, reason(*verdict))).collect();
    }
    answer
}

fn human(judged: &[(&Observed, Verdict)]) -> anyhow::Result<()> {
    let mut out = anstream::stdout();
    for (_, title, is_meant) in ANSWERS {
        let meant: Vec<_> = judged.iter().filter(|(_, verdict)| is_meant(*verdict)).collect();
        let reports: u64 = meant.iter().map(|(seen, _)| seen.group.count).sum();
        writeln!(out, "{HEADING}{title}{HEADING:#}  {DIM}{} groups, {reports} reports{DIM:#}", meant.len())?;
        for (seen, verdict) in meant {
            writeln!(out, "{}", line(seen, reason(*verdict)))?;
        }
    }
    Ok(())
}

fn reason(verdict: Verdict) -> Option<(&'static str, &'static str)> {
    match verdict {
        Verdict::Unverifiable(reason) => Some((reason.as_str(), reason.meaning())),
        Verdict::Allowed | Verdict::Blocked => None,
    }
}

const EXAMPLES: &str = "\
bartizan policy replay --site app.example --csp \"default-src 'self'; img-src 'self' https://cdn.example\"

Exit code 1 when something would still be blocked.";
