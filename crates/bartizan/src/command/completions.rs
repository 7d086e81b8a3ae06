//! `bartizan completions`.

use std::io::Write as _;

use clap_complete::Shell;

use crate::cli;
use crate::exit_code::Outcome;

pub(super) fn run(shell: Shell) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut cli::command(), "bartizan", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(Outcome::Fine)
}
