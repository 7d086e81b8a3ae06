//! `bartizan import`: from another program's configuration to one of ours.

mod apache;
mod caddy;
mod checked;
mod django;
mod headers;
mod krakend;
mod nginx;
mod plan;
mod prefixes;
mod servers;
mod tls;
mod values;
mod written;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use bartizan_audit::{Source, Tree};
use bartizan_proxy::config::UpstreamAddress;
use clap::{Args, Subcommand};

use self::written::Written;
use crate::exit_code::Outcome;
use crate::output;
use crate::output::visible::visible;

/// `bartizan import`.
#[derive(Debug, Subcommand)]
pub enum Import {
    /// From Apache: virtual hosts that stand before an app
    Apache(From),
    /// From a Caddyfile
    Caddy(From),
    /// From Django settings: what its middleware does
    Django(From),
    /// From KrakenD's JSON: what `security/http` and the client credentials say
    Krakend(From),
    /// From nginx's configuration: servers that stand before an app
    Nginx(From),
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

/// Makes a configuration from a file and the address of the app, or says why it cannot.
type Convert = fn(&Source, Option<&str>) -> Result<Written, String>;

/// Runs `bartizan import`.
pub(super) fn run(import: &Import) -> Result<Outcome> {
    let (from, convert): (&From, Convert) = match import {
        Import::Apache(from) => (from, apache::convert),
        Import::Caddy(from) => (from, caddy::convert),
        Import::Django(from) => (from, django::convert),
        Import::Krakend(from) => (from, krakend::convert),
        Import::Nginx(from) => (from, nginx::convert),
    };
    let source = read(&from.file)?;
    let upstream = from.upstream.as_ref().map(ToString::to_string);
    let written = match convert(&source, upstream.as_deref()) {
        Ok(written) => checked::checked(written),
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

/// Returns the tree of the folder that a file lies in, and its name there: what it includes is read from that tree.
fn tree_of(path: &Path) -> Result<(Tree, PathBuf), String> {
    // A link, as in sites-enabled, is read where it leads to.
    let real = path.is_symlink().then(|| path.canonicalize().ok()).flatten();
    let path = real.as_deref().unwrap_or(path);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().ok_or("the file has no name")?;
    let tree = Tree::open(folder).map_err(|error| error.to_string())?;
    Ok((tree, PathBuf::from(name)))
}

fn read(path: &Path) -> Result<Source> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    anyhow::ensure!(bytes.len() as u64 <= bartizan_audit::LARGEST, "{} is larger than a configuration", path.display());
    Ok(Source::new(path.display().to_string(), bytes))
}
