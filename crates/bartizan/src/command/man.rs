//! `bartizan man`.

use std::path::Path;

use anyhow::Context as _;

use crate::cli;
use crate::exit_code::Outcome;

pub(super) fn run(directory: &Path) -> anyhow::Result<Outcome> {
    std::fs::create_dir_all(directory).with_context(|| format!("cannot make {}", directory.display()))?;
    clap_mangen::generate_to(cli::command(), directory)
        .with_context(|| format!("cannot write into {}", directory.display()))?;
    Ok(Outcome::Fine)
}
