//! `bartizan reports list`: groups of reports, the latest first.

use std::collections::BTreeMap;
use std::io::Write as _;

use bartizan_reports::store::{Group, Order, SiteSummary};
use clap::Args;

use super::StoreFile;
use super::filter::{COLUMNS, Form, Which, as_csv, as_json, harmless, written};
use crate::config::Environment;
use crate::exit_code::Outcome;
use crate::output::visible::visible;
use crate::output::{BOLD, CODE, DIM, hint};

/// `bartizan reports list`.
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    store: StoreFile,
    #[command(flatten)]
    which: Which,
    /// How many groups at most; 0 means all.
    #[arg(long, value_name = "NUMBER", default_value_t = 100)]
    limit: usize,
    /// The form of the list.
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

pub(super) fn run(list: &List, environment: &Environment) -> anyhow::Result<Outcome> {
    let mut store = list.store.open(environment)?;
    let groups = store.groups(&list.which.filter(Order::LastSeen, list.limit))?;
    let total = store.totals(&list.which.filter(Order::LastSeen, 0))?;
    write(&groups, &store.sites()?, list.format)?;
    if list.format == Form::Table && (groups.len() as u64) < total.groups {
        hint(&format!("{} of {} groups; --limit 0 shows all", groups.len(), total.groups));
    }
    Ok(Outcome::Fine)
}

/// Writes groups in the form that is asked for.
pub(super) fn write(groups: &[Group], sites: &[SiteSummary], form: Form) -> anyhow::Result<()> {
    let sites: BTreeMap<_, _> = sites.iter().map(|site| (site.site.as_str(), site)).collect();
    let is_rare = |group: &Group| sites.get(group.site.as_str()).is_some_and(|site| group.is_rare(site));
    let mut out = anstream::stdout();
    match form {
        Form::Jsonl => {
            for group in groups {
                let mut json = as_json(group);
                if let Some(object) = json.as_object_mut() {
                    object.insert("rare".to_owned(), is_rare(group).into());
                }
                writeln!(out, "{}", harmless(&json))?;
            }
        }
        Form::Csv => {
            writeln!(out, "{COLUMNS}")?;
            for group in groups {
                writeln!(out, "{}", as_csv(group))?;
            }
        }
        Form::Table => {
            for group in groups {
                writeln!(out, "{}", line(group, is_rare(group)))?;
            }
        }
    }
    Ok(())
}

/// Returns a group for people: two lines, the second with what a list is sorted and asked by.
pub(super) fn line(group: &Group, is_rare: bool) -> String {
    let subject = &group.subject;
    let mark = match (subject.noise, is_rare) {
        (Some(noise), _) => format!("  {DIM}noise: {}{DIM:#}", noise.as_str()),
        (None, true) => format!("  {DIM}rare{DIM:#}"),
        (None, false) => String::new(),
    };
    let source = if subject.source.is_empty() { String::new() } else { format!(" by {}", visible(&subject.source)) };
    let disposition = if subject.disposition == "report" { " (report only)" } else { "" };
    format!(
        "{BOLD}{:>9}{BOLD:#}  {CODE}{}{CODE:#} {} {}{source}{disposition}{mark}\n           {DIM}{}  {}  {} clients  {} to {}{DIM:#}",
        group.count,
        visible(&subject.kind),
        visible(&subject.what),
        visible(&subject.target),
        group.id,
        visible(&group.site),
        group.clients.estimate(),
        written(group.first_seen),
        written(group.last_seen),
    )
}
