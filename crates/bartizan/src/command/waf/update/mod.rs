//! `bartizan waf update`: a release of the Core Rule Set, checked before it is unpacked and loaded before it is in use.
//!
//! Whatever goes wrong, the rules in use stay as they are.

mod checksum;
mod fetch;
mod place;
mod release;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use bartizan_scan::{Client, Override, Resolver, Trust};
use bartizan_waf::preset::{self, Source, Tuning};
use bartizan_waf::{Disk, archive};
use clap::Args;
use url::Url;

use self::checksum::Checksum;
use self::place::Draft;
use super::visible;
use crate::config::Environment;
use crate::exit_code::Outcome;
use crate::output;

/// `bartizan waf update`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, disable_version_flag = true)]
pub struct Update {
    /// The release of the Core Rule Set, such as 4.29.0.
    #[arg(long, value_name = "VERSION", conflicts_with = "url", value_parser = version)]
    version: Option<String>,
    /// Fetch this archive (.tar.gz) instead; needs --sha256.
    #[arg(long, value_name = "URL", requires = "sha256")]
    url: Option<Url>,
    /// The SHA-256 that the archive must have; needed for a release that this program does not know.
    #[arg(long, value_name = "HEX", value_parser = checksum::parse)]
    sha256: Option<Checksum>,
    /// Where state lives: `server.state_dir`.
    #[arg(long, value_name = "DIR")]
    state_dir: Option<PathBuf>,
    /// Trust the authorities of this PEM file as well.
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,
    /// Where a name leads, as HOST:PORT:ADDR; other names then lead nowhere.
    #[arg(long, value_name = "HOST:PORT:ADDR")]
    resolve: Vec<Override>,
}

pub(super) fn run(update: &Update, environment: &Environment) -> anyhow::Result<Outcome> {
    let newest = release::RELEASES.first().context("a release is known")?.version;
    let version = update.version.as_deref().unwrap_or(newest);
    let known = if update.url.is_some() { None } else { release::checksum(version) };
    let known = known.map(checksum::parse).transpose().map_err(anyhow::Error::msg)?;
    let Some(expected) = update.sha256.or(known) else {
        let releases: Vec<_> = release::RELEASES.iter().map(|release| release.version).collect();
        output::hint(&format!(
            "the checksum of {version} is not known here (those of {} are): give it with --sha256",
            releases.join(", ")
        ));
        return Ok(Outcome::Usage);
    };
    let url = match &update.url {
        Some(url) => url.clone(),
        None => Url::parse(&release::address(version))?,
    };
    let state = update.state_dir.clone().unwrap_or_else(|| environment.state_dir());
    let name = if update.url.is_some() { expected.to_string() } else { version.to_owned() };

    let bytes = fetched(update, &url)?;
    let found = Checksum::of(&bytes);
    if found != expected {
        output::say(&format!("the archive has the SHA-256 {found}, and {expected} was expected: nothing was changed"));
        return Ok(Outcome::Problems);
    }
    let entries = archive::read(&bytes).context("the archive was not unpacked; nothing was changed")?;
    let draft = Draft::write(&state, name.get(..NAME).unwrap_or(&name), &entries)?;
    let rules = match preset::load(&Source::Path(draft.path().to_owned()), &Tuning::default(), &Disk) {
        Ok(rules) => rules,
        Err(errors) => {
            for error in errors.0.iter().take(MOST_SHOWN) {
                output::say(&visible(&error.to_string()));
            }
            output::say("the rules of the archive cannot be loaded: nothing was changed");
            return Ok(Outcome::Problems);
        }
    };
    let count = rules.rules().len();
    let current = draft.take_into_use(&state)?;
    output::say(&format!("{count} rules of {} are in {}", visible(url.as_str()), current.display()));
    output::hint("`waf.rules = \"crs\"` runs them; a running wall takes them over when it is reloaded");
    Ok(Outcome::Fine)
}

fn fetched(update: &Update, url: &Url) -> anyhow::Result<Vec<u8>> {
    let more = update.cacert.as_deref().map(super::super::scan::certificates::read).transpose()?.unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    let fetched = runtime.block_on(async {
        let client =
            Client { resolver: Resolver::new(update.resolve.clone()), trust: Trust::new(&more), patience: PATIENCE };
        fetch::fetch(&client, url).await
    });
    // A name that is still being looked up must not hold the process.
    runtime.shutdown_background();
    fetched.context("nothing was changed")
}

fn version(text: &str) -> Result<String, String> {
    let text = text.strip_prefix('v').unwrap_or(text);
    if release::is_version(text) { Ok(text.to_owned()) } else { Err("is no version such as 4.29.0".to_owned()) }
}

/// Some three hundred kilobytes, from far away.
const PATIENCE: Duration = Duration::from_secs(120);
/// The start of a checksum tells archives apart.
const NAME: usize = 16;
/// Rules of a language that is not understood fail all in the same way.
const MOST_SHOWN: usize = 20;

const EXAMPLES: &str = "\
The archive's checksum is known or given, and checked before anything is unpacked; its rules are loaded before they
are in use. They are kept in the folder of state, and `waf.rules = \"crs\"` names those in use.

Examples:
  bartizan waf update
  bartizan waf update --version 4.30.0
  bartizan waf update --url https://mirror.example/crs.tar.gz --sha256 1aa1…7fed";
