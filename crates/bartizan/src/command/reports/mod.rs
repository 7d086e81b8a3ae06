//! `bartizan reports`: what browsers report, received, listed, exported, forgotten.
//!
//! Every command but `serve` and `normalise` reads the store's file; a server that writes it goes on.

mod export;
mod filter;
mod import;
mod list;
mod normalise;
mod purge;
mod serve;
mod show;
mod tail;
mod top;

use std::path::PathBuf;

pub(crate) use filter::{harmless, harmless_lines, written};
pub(crate) use serve::open as open_store;

use anyhow::Context as _;
use bartizan_reports::store::Sqlite;
use clap::{Args, Subcommand};

use crate::config::Environment;
use crate::exit_code::Outcome;

/// `bartizan reports`.
#[derive(Debug, Subcommand)]
pub enum Reports {
    /// Receive reports, without a wall
    Serve(serve::Serve),
    /// List groups of reports, the latest first
    List(list::List),
    /// Show one group: its facts, pages and samples
    Show(show::Show),
    /// Follow what comes in
    Tail(tail::Tail),
    /// List what is reported most
    Top(top::Top),
    /// Write groups with pages and samples, as JSON lines or CSV
    Export(export::Export),
    /// Forget groups of reports
    Purge(purge::Purge),
    /// Take over reports of other collectors, or of an export
    Import(import::Import),
    /// Read bodies as browsers send them and write the reports in them
    #[command(alias = "normalize")]
    Normalise(normalise::Normalise),
}

/// Where reports are stored.
#[derive(Debug, Args)]
pub(crate) struct StoreFile {
    /// The file of the store [default: reports.sqlite in the state directory].
    #[arg(long, value_name = "FILE", env = "BARTIZAN_REPORTS_STORE")]
    pub store: Option<PathBuf>,
}

impl StoreFile {
    fn path(&self, environment: &Environment) -> PathBuf {
        self.store.clone().unwrap_or_else(|| environment.state_dir().join(FILE_NAME))
    }

    pub(crate) fn open(&self, environment: &Environment) -> anyhow::Result<Sqlite> {
        let path = self.path(environment);
        Sqlite::read(&path).with_context(|| format!("cannot open the store of reports {}", path.display()))
    }
}

/// The store's name in the state directory.
pub(crate) const FILE_NAME: &str = "reports.sqlite";

pub(super) fn run(reports: &Reports, environment: &Environment) -> anyhow::Result<Outcome> {
    match reports {
        Reports::Serve(serve) => serve::run(serve, environment),
        Reports::List(list) => list::run(list, environment),
        Reports::Show(show) => show::run(show, environment),
        Reports::Tail(tail) => tail::run(tail, environment),
        Reports::Top(top) => top::run(top, environment),
        Reports::Export(export) => export::run(export, environment),
        Reports::Purge(purge) => purge::run(purge, environment),
        Reports::Import(import) => import::run(import, environment),
        Reports::Normalise(normalise) => normalise::run(normalise),
    }
}
