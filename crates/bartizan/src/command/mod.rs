//! One file a command.

mod alerts;
mod audit;
mod autopilot;
mod completions;
mod config;
mod dashboard;
mod explain;
mod export;
mod import;
mod man;
mod policy;
mod reports;
mod rules;
mod running;
mod scan;
mod serve;
mod served;
mod waf;

use std::path::Path;

use crate::cli::{Cli, Command};
use crate::config::{Environment, Loaded, Overrides, load};
use crate::demo;
use crate::exit_code::Outcome;
use crate::output;

pub(crate) use alerts::Alerts;
pub(crate) use audit::Audit;
pub(crate) use autopilot::Autopilot;
pub(crate) use dashboard::Dashboard;
pub(crate) use export::Export;
pub(crate) use import::Import;
pub(crate) use policy::Policy;
pub(crate) use reports::{Reports, open_store, with_password};
pub(crate) use running::RunningWall;
pub(crate) use scan::{Scan, scanning};
pub(crate) use serve::show as show_start_error;
pub(crate) use waf::Waf;

/// Runs one command.
pub(crate) fn run(cli: &Cli, environment: &Environment) -> Outcome {
    let done = match &cli.command {
        Command::Alerts(alerts) => alerts::run(alerts, environment),
        Command::Audit(audit) => audit::run(audit),
        Command::Autopilot(asked) => autopilot::run(asked),
        Command::Serve(serve) => serve::run(serve, environment),
        Command::Demo(demo) => demo::run(demo, environment),
        Command::Explain(explain) => explain::run(explain, environment),
        Command::Dashboard(dashboard) => dashboard::run(dashboard),
        Command::Config(config) => config::run(config, environment),
        Command::Export(export) => export::run(export, environment),
        Command::Import(import) => import::run(import),
        Command::Policy(policy) => policy::run(policy, environment),
        Command::Reports(reports) => reports::run(reports, environment),
        Command::Rules(rules) => rules::run(rules),
        Command::Waf(waf) => waf::run(waf, environment),
        Command::Scan(scan) => scan::run(scan),
        Command::Completions { shell } => completions::run(*shell),
        Command::Man { directory } => man::run(directory),
    };
    match done {
        Ok(outcome) => outcome,
        // `bartizan rules | head` ends the reader first, and nobody is left to tell.
        Err(error) if is_broken_pipe(&error) => Outcome::Fine,
        Err(error) => {
            output::error(&error);
            Outcome::Failed
        }
    }
}

/// Loads a configuration, and shows what is wrong with it on standard error.
fn load_or_show(path: Option<&Path>, environment: &Environment, overrides: &Overrides) -> Result<Loaded, Outcome> {
    match load(path, environment, overrides) {
        Ok(loaded) => {
            output::report(&loaded.warnings);
            Ok(loaded)
        }
        Err(report) => {
            output::report(&report);
            Err(Outcome::Problems)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}
