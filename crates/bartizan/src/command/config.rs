//! `bartizan config`: check, show, schema.

use std::io::Write as _;

use bartizan_proxy::config::Certificate;
use bartizan_proxy::tls::TlsTable;

use super::load_or_show;
use crate::cli::{Config, ConfigFile};
use crate::config::{Environment, Overrides, schema, show};
use crate::exit_code::Outcome;
use crate::output;

pub(super) fn run(config: &Config, environment: &Environment) -> anyhow::Result<Outcome> {
    match config {
        Config::Check(file) => check(file, environment),
        Config::Show(file) => match load_or_show(file.path(), environment, &Overrides::default()) {
            Ok(loaded) => {
                anstream::stdout().write_all(show(&loaded).as_bytes())?;
                Ok(Outcome::Fine)
            }
            Err(outcome) => Ok(outcome),
        },
        Config::Schema => {
            let mut text = serde_json::to_string_pretty(&schema())?;
            text.push('\n');
            anstream::stdout().write_all(text.as_bytes())?;
            Ok(Outcome::Fine)
        }
    }
}

fn check(file: &ConfigFile, environment: &Environment) -> anyhow::Result<Outcome> {
    let Some(path) = file.path() else {
        output::hint("name the file: bartizan config check bartizan.toml");
        return Ok(Outcome::Usage);
    };
    let loaded = match load_or_show(Some(path), environment, &Overrides::default()) {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    // A key that does not fit its certificate shows only when both are loaded. Sites without files are left
    // out: a check must not make an authority.
    let mut with_files = loaded.config.clone();
    with_files.sites.retain(|site| matches!(site.certificate, Certificate::Files { .. }));
    if !with_files.sites.is_empty()
        && let Err(errors) = TlsTable::build(&with_files)
    {
        errors.iter().for_each(|error| output::chain(error));
        return Ok(Outcome::Problems);
    }
    let sites = loaded.config.sites.len();
    let plural = if sites == 1 { "" } else { "s" };
    writeln!(anstream::stdout(), "{} is fine: {sites} site{plural}", path.display())?;
    Ok(Outcome::Fine)
}
