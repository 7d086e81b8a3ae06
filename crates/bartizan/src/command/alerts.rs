//! `bartizan alerts test`: does what would be told arrive?

use std::path::PathBuf;

use bartizan_reports::alerts::{Alert, deliver};
use bartizan_reports::collector::now;
use clap::{Args, Subcommand};

use super::load_or_show;
use crate::config::{Environment, Overrides};
use crate::exit_code::Outcome;
use crate::output::{chain, hint, say};

/// `bartizan alerts`.
#[derive(Debug, Subcommand)]
pub enum Alerts {
    /// Send a message to everyone who is told of alerts, and say what failed
    Test(Test),
}

/// `bartizan alerts test`.
#[derive(Debug, Args)]
pub struct Test {
    /// The configuration file.
    #[arg(long, value_name = "FILE", env = "BARTIZAN_CONFIG")]
    config: PathBuf,
}

pub(super) fn run(alerts: &Alerts, environment: &Environment) -> anyhow::Result<Outcome> {
    let Alerts::Test(test) = alerts;
    let loaded = match load_or_show(Some(&test.config), environment, &Overrides::default()) {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    let channels = &loaded.reports.alerts.channels;
    if channels.is_empty() {
        hint("nobody is told: add [[reports.alerts.webhook]], [[reports.alerts.mail]] or [[reports.alerts.command]]");
        return Ok(Outcome::Problems);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut outcome = Outcome::Fine;
    for channel in channels {
        match runtime.block_on(deliver(channel, &[Alert::trial(now())])) {
            Ok(()) => say(&format!("{channel}: told")),
            Err(error) => {
                say(&format!("{channel}: not told"));
                chain(&error);
                outcome = Outcome::Failed;
            }
        }
    }
    Ok(outcome)
}
