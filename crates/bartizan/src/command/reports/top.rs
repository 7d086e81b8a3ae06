//! `bartizan reports top`: what is reported most.

use bartizan_reports::store::Order;
use clap::Args;

use super::StoreFile;
use super::filter::{Form, Which};
use crate::config::Environment;
use crate::exit_code::Outcome;

/// `bartizan reports top`.
#[derive(Debug, Args)]
pub struct Top {
    #[command(flatten)]
    store: StoreFile,
    #[command(flatten)]
    which: Which,
    /// How many groups.
    #[arg(long, value_name = "NUMBER", default_value_t = 20)]
    limit: usize,
    /// The form of the list.
    #[arg(long, value_enum, default_value_t)]
    format: Form,
}

pub(super) fn run(top: &Top, environment: &Environment) -> anyhow::Result<Outcome> {
    let mut store = top.store.open(environment)?;
    let groups = store.groups(&top.which.filter(Order::Count, top.limit))?;
    super::list::write(&groups, &store.sites()?, top.format)?;
    Ok(Outcome::Fine)
}
