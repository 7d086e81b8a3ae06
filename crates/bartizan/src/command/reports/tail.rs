//! `bartizan reports tail`: groups as reports of them come in.

use std::collections::HashMap;
use std::io::Write as _;
use std::time::Duration;

use bartizan_reports::collector::now;
use bartizan_reports::store::{Filter, Order};
use clap::Args;

use super::StoreFile;
use super::filter::{Form, Which, as_csv, as_json, harmless};
use crate::config::Environment;
use crate::exit_code::Outcome;

/// `bartizan reports tail`.
#[derive(Debug, Args)]
pub struct Tail {
    #[command(flatten)]
    store: StoreFile,
    #[command(flatten)]
    which: Which,
    /// Show the latest groups and end.
    #[arg(long)]
    once: bool,
    /// How many groups to begin with.
    #[arg(long, value_name = "NUMBER", default_value_t = 10)]
    lines: usize,
    /// The form of the list.
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

pub(super) fn run(tail: &Tail, environment: &Environment) -> anyhow::Result<Outcome> {
    let mut store = tail.store.open(environment)?;
    let mut counts = HashMap::new();
    let mut began = now();
    let mut latest = store.groups(&tail.which.filter(Order::LastSeen, tail.lines))?;
    let mut out = anstream::stdout();
    loop {
        // The oldest first, so that the end of the screen is the newest.
        for group in latest.drain(..).rev() {
            if counts.insert(group.id, group.count) == Some(group.count) {
                continue;
            }
            match tail.format {
                Form::Table => writeln!(out, "{}", super::list::line(&group, false))?,
                Form::Jsonl => writeln!(out, "{}", harmless(&as_json(&group)))?,
                Form::Csv => writeln!(out, "{}", as_csv(&group))?,
            }
        }
        out.flush()?;
        if tail.once {
            return Ok(Outcome::Fine);
        }
        std::thread::sleep(EVERY);
        // What waits for a busy store may come late.
        let since = began - LATE;
        began = now();
        let filter = tail.which.filter(Order::LastSeen, MOST);
        latest = store.groups(&Filter { since: Some(filter.since.unwrap_or(since).max(since)), ..filter })?;
    }
}

const EVERY: Duration = Duration::from_secs(1);

/// In milliseconds.
const LATE: i64 = 10_000;

const MOST: usize = 1000;
