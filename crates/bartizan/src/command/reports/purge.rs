//! `bartizan reports purge`: groups forgotten, with their pages and samples.

use bartizan_reports::store::Order;
use clap::Args;

use super::StoreFile;
use super::filter::{Noise, Which};
use crate::config::Environment;
use crate::exit_code::Outcome;
use crate::output::{hint, say};

/// `bartizan reports purge`.
#[derive(Debug, Args)]
pub struct Purge {
    #[command(flatten)]
    store: StoreFile,
    #[command(flatten)]
    which: Which,
    /// Forget everything, where nothing else says what.
    #[arg(long)]
    all: bool,
    /// Only say how much would be forgotten.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(purge: &Purge, environment: &Environment) -> anyhow::Result<Outcome> {
    let which = &purge.which;
    let texts = [&which.site, &which.policy, &which.kind, &which.directive, &which.text];
    let is_said = texts.iter().any(|text| text.is_some()) || which.since.is_some() || which.until.is_some();
    if !is_said && which.noise == Noise::Include && !purge.all {
        hint("say what to forget, such as --site SITE or --noise only; --all forgets everything");
        return Ok(Outcome::Usage);
    }
    let mut store = purge.store.open(environment)?;
    let filter = which.filter(Order::default(), 0);
    let total = store.totals(&filter)?;
    if purge.dry_run {
        say(&format!("{} groups of {} reports would be forgotten", total.groups, total.reports));
        return Ok(Outcome::Fine);
    }
    let groups = store.purge(&filter)?;
    store.vacuum()?;
    say(&format!("{groups} groups of {} reports are forgotten", total.reports));
    Ok(Outcome::Fine)
}
