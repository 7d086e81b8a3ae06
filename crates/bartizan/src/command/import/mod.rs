//! `bartizan import`: from another program's configuration to one of ours.

mod krakend;
mod written;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use bartizan_audit::Source;
use bartizan_proxy::config::UpstreamAddress;
use clap::{Args, Subcommand};

use self::written::Written;
use crate::exit_code::Outcome;
use crate::output;
use crate::output::visible::visible;

/// `bartizan import`.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// From KrakenD's JSON: what `security/http` and the client credentials say
    Krakend(From),
}

/// What is imported, and where it goes.
#[derive(Debug, Args)]
pub struct From {
    /// The configuration of the other program.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The address of the app, where the file does not say.
    #[arg(long, value_name = "URL", value_parser = crate::cli::word::<UpstreamAddress>)]
    pub upstream: Option<UpstreamAddress>,
    /// Where to write; without it, to standard output.
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Runs `bartizan import`.
pub(super) fn run(import: &Import) -> Result<Outcome> {
    let (from, convert): (&From, fn(&Source, Option<String>) -> Result<Written, String>) = match import {
        Import::Krakend(from) => (from, krakend::convert),
    };
    let source = read(&from.file)?;
    let upstream = from.upstream.as_ref().map(ToString::to_string);
    let written = match convert(&source, upstream) {
        Ok(written) => written,
        Err(problem) => {
            output::hint(&visible(&problem));
            return Ok(Outcome::Problems);
        }
    };
    let text = written.text();
    match &from.output {
        Some(path) => fs::write(path, &text).with_context(|| format!("cannot write {}", path.display()))?,
        None => anstream::stdout().write_all(text.as_bytes())?,
    }
    for note in written.notes() {
        output::hint(&visible(note));
    }
    Ok(Outcome::Fine)
}

fn read(path: &Path) -> Result<Source> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    anyhow::ensure!(bytes.len() as u64 <= bartizan_audit::LARGEST, "{} is larger than a configuration", path.display());
    Ok(Source::new(path.display().to_string(), bytes))
}
