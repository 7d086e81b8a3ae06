//! The effective configuration as TOML, with a note on each line where its value comes from.
//!
//! It is written from what the wall is built from, not from what was read, so it shows what runs.

mod alerts;
mod autopilot;
mod dashboard;
mod policy;
mod reports;
mod server;
mod site;

use std::fmt::Write as _;

use super::Loaded;
use super::origins::{Origin, Origins};

/// Returns the effective configuration; secrets are left out.
pub fn show(loaded: &Loaded) -> String {
    let mut page = Page { origins: &loaded.origins, text: String::new() };
    server::write(&mut page, &loaded.config.server, loaded.log_level);
    dashboard::write(&mut page, &loaded.dashboard);
    reports::write(&mut page, &loaded.reports);
    alerts::write(&mut page, &loaded.reports.alerts);
    for (index, site) in loaded.config.sites.iter().enumerate() {
        let profiles = loaded.profiles.get(index).map(Vec::as_slice).unwrap_or_default();
        let reports = loaded.reports.sites.get(index);
        let autopilot = loaded.autopilot.sites.get(index).and_then(|(_, settings)| settings.as_ref());
        site::write(&mut page, index, site, profiles, reports, autopilot);
    }
    page.text
}

struct Page<'a> {
    origins: &'a Origins,
    text: String,
}

impl Page<'_> {
    fn table(&mut self, header: &str) {
        let gap = if self.text.is_empty() { "" } else { "\n" };
        let _ = writeln!(self.text, "{gap}{header}");
    }

    /// Writes one key, and the first of the paths that was said somewhere; else `otherwise`.
    fn key(&mut self, key: &str, value: &str, paths: &[&str], otherwise: Origin) {
        let said = paths.iter().find_map(|path| self.origins.of(path)).cloned().unwrap_or(otherwise);
        let line = format!("{key} = {value}");
        let _ = writeln!(self.text, "{line:<COLUMN$} # {said}");
    }
}

/// Where the notes begin.
const COLUMN: usize = 56;

fn text(value: &str) -> String {
    toml::Value::String(value.to_owned()).to_string()
}

fn list<T>(values: impl IntoIterator<Item = T>, write: impl Fn(T) -> String) -> String {
    format!("[{}]", values.into_iter().map(write).collect::<Vec<_>>().join(", "))
}

fn texts<T: ToString>(values: impl IntoIterator<Item = T>) -> String {
    list(values, |value| text(&value.to_string()))
}

fn or_none<T>(value: Option<T>, write: impl Fn(T) -> String) -> String {
    value.map_or_else(|| text("none"), write)
}

fn word<T: super::Choices>(value: T) -> String {
    text(value.word())
}
