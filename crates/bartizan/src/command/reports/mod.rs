//! `bartizan reports`: what browsers report, received, listed, exported, forgotten.
//!
//! Every command but `serve` and `normalise` reads the store; a server that writes it goes on.

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

pub(crate) use filter::{harmless, harmless_lines, written};
pub(crate) use serve::open as open_store;

use anyhow::Context as _;
use bartizan_reports::store::{Place, Store};
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
    /// The file of the store, or postgres://user@host/database, whose password may stand in PGPASSWORD
    /// [default: reports.sqlite in the state directory].
    #[arg(long, value_name = "FILE|URL", env = "BARTIZAN_REPORTS_STORE", hide_env_values = true, value_parser = place)]
    pub store: Option<Place>,
}

impl StoreFile {
    fn place(&self, environment: &Environment) -> Place {
        match &self.store {
            Some(place) => with_password(place.clone(), environment),
            None => Place::File(environment.state_dir().join(FILE_NAME)),
        }
    }

    pub(crate) fn open(&self, environment: &Environment) -> anyhow::Result<Box<dyn Store>> {
        let place = self.place(environment);
        place.read_store().with_context(|| format!("cannot open the store of reports {place}"))
    }
}

/// Adds the password that PostgreSQL's own programs would take, where the address has none.
pub(crate) fn with_password(place: Place, environment: &Environment) -> Place {
    match environment.variable("PGPASSWORD") {
        Some(password) if !place.has_password() => place.with_password(password),
        _ => place,
    }
}

/// What is refused may hold a password, and is not repeated.
fn place(text: &str) -> Result<Place, String> {
    Place::read(text).map_err(|error| format!("it {error}"))
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
