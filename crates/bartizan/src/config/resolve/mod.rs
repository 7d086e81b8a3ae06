//! What was written, and what it means: the one place that turns the file into configuration.
//!
//! Problems are gathered; a value that is wrong is replaced by its default so that the rest is still read.

mod alerts;
mod autopilot;
mod dashboard;
mod headers;
mod policy;
mod reports;
mod security_txt;
mod server;
mod site;
mod upstream;

use std::ops::Range;
use std::path::{Path, PathBuf};

use bartizan_proxy::config::Config;

use super::autopilot::AutopilotPlan;
use super::environment::Environment;
use super::problem::Problem;
use super::raw::{At, File};
use super::reports::ReportsPlan;
use super::words::{LogLevel, ProfileName};

/// What a file means.
#[derive(Debug)]
pub(crate) struct Resolved {
    pub(crate) config: Config,
    pub(crate) reports: ReportsPlan,
    pub(crate) autopilot: AutopilotPlan,
    pub(crate) log_level: LogLevel,
    /// For each site its profile and those of its routes.
    pub(crate) profiles: Vec<Vec<ProfileName>>,
}

/// Turns one file into configuration.
#[derive(Debug)]
pub(crate) struct Resolver<'a> {
    folder: &'a Path,
    environment: &'a Environment,
    /// `server.state_dir`, once it is known.
    state_dir: PathBuf,
    /// What was found wrong.
    pub(crate) problems: Vec<Problem>,
    /// The files that the configuration names.
    pub(crate) files: Vec<PathBuf>,
}

impl<'a> Resolver<'a> {
    pub(crate) fn new(folder: &'a Path, environment: &'a Environment, problems: Vec<Problem>) -> Self {
        Self { folder, environment, state_dir: PathBuf::new(), problems, files: Vec::new() }
    }

    /// Returns what the file means.
    pub(crate) fn file(&mut self, file: &File) -> Resolved {
        let nothing = super::raw::server::Server::default();
        let written = file.server.as_ref().unwrap_or(&nothing);
        let server = self.server(written);
        self.state_dir.clone_from(&server.state_dir);
        let log_level = written.log.as_ref().and_then(|log| log.level).map_or_else(LogLevel::default, |level| level.0);
        let written = file.site.as_deref().unwrap_or_default();
        if written.is_empty() {
            self.problems.push(
                Problem::error("there is no site to serve")
                    .hint("add `[[site]]` with `hosts` and `upstream`, or use --upstream and --host"),
            );
        }
        let mut reports = self.reports(file.reports.as_ref(), &server);
        let alerts = file.reports.as_ref().and_then(|reports| reports.alerts.as_ref());
        reports.alerts = self.alerts(alerts, reports.flush);
        let mut autopilot = AutopilotPlan { store: server.state_dir.join("autopilot.sqlite"), sites: Vec::new() };
        let mut sites = Vec::new();
        let mut profiles = Vec::new();
        for (index, site) in written.iter().enumerate() {
            let own = site.profile.map_or_else(ProfileName::default, |profile| profile.0);
            let routes = site.route.iter().flatten().map(|route| route.profile.map_or(own, |profile| profile.0));
            profiles.push(std::iter::once(own).chain(routes).collect());
            let mut resolved = self.site(index, site, &server);
            let settings = self.autopilot(site.autopilot.as_ref(), site.reports.as_ref());
            reports.sites.push(self.site_reports(site.reports.as_ref(), settings.is_some(), &mut resolved));
            autopilot.sites.push((resolved.name(), settings));
            sites.push(resolved);
        }
        self.names_are_told_apart(written);
        Resolved { config: Config { server, sites }, reports, autopilot, log_level, profiles }
    }

    fn error(&mut self, span: Range<usize>, message: impl Into<String>, label: impl Into<String>) {
        self.problems.push(Problem::error(message).at(span).label(label));
    }

    /// Whether a key was written but left out because its value is bad, which has been said.
    fn is_spoiled(&self, key: &str) -> bool {
        let keys = self.problems.iter().filter_map(|problem| problem.key.as_deref());
        keys.filter_map(|spoiled| spoiled.strip_prefix(key)).any(|rest| rest.is_empty() || rest.starts_with('['))
    }

    fn warn(&mut self, span: Range<usize>, message: impl Into<String>, label: impl Into<String>) {
        self.problems.push(Problem::warning(message).at(span).label(label));
    }

    /// Returns a path as seen from the file, and says when it cannot be read.
    fn readable(&mut self, key: &str, path: &At<PathBuf>) -> PathBuf {
        let whole = self.folder.join(&**path);
        // Opening is the honest test: permission bits do not tell about access lists and capabilities.
        let problem = match std::fs::File::open(&whole) {
            Err(error) => Some(error.to_string()),
            Ok(_) if whole.is_dir() => Some("this is a folder".to_owned()),
            Ok(_) => None,
        };
        if let Some(label) = problem {
            self.error(path.span(), format!("cannot read {} ({key})", whole.display()), label);
        }
        self.files.push(whole.clone());
        whole
    }
}
