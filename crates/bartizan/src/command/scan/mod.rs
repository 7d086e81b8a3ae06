//! `bartizan scan`: sites as an outsider sees them, graded and judged.

mod args;
mod batch;
pub(super) mod certificates;
mod distinct;
mod grade;
mod judged;
mod progress;
mod sites;

use std::path::Path;
use std::time::Duration;

pub(crate) use self::args::Scan;
pub(super) use self::distinct::distinct;

/// Looking at a site and judging it, for whoever shows what was seen.
pub(crate) mod scanning {
    pub(crate) use super::certificates::read as read_certificates;
    pub(crate) use super::judged::judged;
}

use anyhow::Context as _;
use bartizan_rules::observatory::{Algorithm, PreloadList};
use bartizan_scan::{Client, Override, Part, Plan, Probing, Resolver, Scanned, Target, Trust, tls};

use crate::exit_code::Outcome;

pub(super) fn run(asked: &Scan) -> anyhow::Result<Outcome> {
    let preloaded = preloaded(asked)?;
    let mut builder = match asked.targets.len() {
        // One site keeps no second thread busy, and threads cost more to start than all its answers to read.
        1 => tokio::runtime::Builder::new_current_thread(),
        _ => tokio::runtime::Builder::new_multi_thread(),
    };
    let runtime = builder.enable_all().build().context("cannot start")?;
    let outcome = runtime.block_on(async {
        match &asked.batch {
            Some(file) => batch::run(asked, file, &preloaded).await,
            None => sites::run(asked, &preloaded).await,
        }
    });
    // A name that is still being looked up must not hold the process.
    runtime.shutdown_background();
    outcome
}

/// Looks at one site as a guest, for a command that judges it together with something else.
pub(super) fn seen(target: &Target, resolve: &[Override], cacert: Option<&Path>) -> anyhow::Result<Scanned> {
    let authorities = cacert.map(certificates::read).transpose()?.unwrap_or_default();
    let client = Client {
        resolver: Resolver::new(resolve.to_vec()),
        trust: Trust::new(&authorities),
        patience: Duration::from_secs(9),
    };
    let plan = Plan {
        algorithm: Algorithm::default(),
        parts: vec![Part::Findings],
        own_lines: Vec::new(),
        probing: Probing::Guest,
        tls: tls::Options::default(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start")?;
    let scanned = runtime.block_on(bartizan_scan::scan(&client, target, &plan));
    // A name that is still being looked up must not hold the process.
    runtime.shutdown_background();
    Ok(scanned)
}

fn preloaded(asked: &Scan) -> anyhow::Result<PreloadList> {
    let Some(file) = &asked.hsts_preload else { return Ok(PreloadList::default()) };
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    PreloadList::parse(&text).with_context(|| format!("{} is no list of preloaded hosts", file.display()))
}
