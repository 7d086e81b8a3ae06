//! `bartizan scan`: sites as an outsider sees them, graded and judged.

mod args;
mod batch;
mod certificates;
mod distinct;
mod grade;
mod judged;
mod progress;
mod sites;

pub(crate) use self::args::Scan;

use anyhow::Context as _;
use bartizan_rules::observatory::PreloadList;

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

fn preloaded(asked: &Scan) -> anyhow::Result<PreloadList> {
    let Some(file) = &asked.hsts_preload else { return Ok(PreloadList::default()) };
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    PreloadList::parse(&text).with_context(|| format!("{} is no list of preloaded hosts", file.display()))
}
