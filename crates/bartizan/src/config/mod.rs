//! From text to [`bartizan_proxy::config::Config`]: a file, the environment and the command line.
//!
//! Every problem is gathered before anything is said. Precedence, strongest first: command line,
//! environment, route, site, profile, built-in default.

mod autopilot;
mod check;
mod choices;
mod dashboard;
mod environment;
mod origins;
mod overrides;
mod problem;
mod quantities;
mod raw;
mod reports;
mod resolve;
mod schema;
mod show;
mod words;

use std::path::{Path, PathBuf};

use bartizan_proxy::config::Config;
use serde::Deserialize;
use toml::de::{DeTable, Deserializer};

use resolve::Resolved;

pub use autopilot::AutopilotPlan;
pub(crate) use check::nearest;
pub use dashboard::DashboardPlan;
pub use environment::Environment;
pub(crate) use environment::rule_set;
pub use origins::{Origin, Origins};
pub use overrides::Overrides;
pub use problem::{Colour, Gravity, Problem, Report};
pub(crate) use raw::{Choice, Choices, Word};
pub(crate) use reports::ENDPOINT;
pub use reports::{ReportsPlan, SitePlan};
pub use schema::{Key, keys, schema};
pub use show::show;
pub use words::{LogLevel, ProfileName};

/// A configuration that can be run.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// What the wall is built from.
    pub config: Config,
    /// What is collected of browsers' reports.
    pub reports: ReportsPlan,
    /// What the autopilot does.
    pub autopilot: AutopilotPlan,
    /// Whether there is a dashboard, and for whom.
    pub dashboard: DashboardPlan,
    /// The least important message that is written.
    pub log_level: LogLevel,
    /// The profile of each site, and then those of its routes.
    pub profiles: Vec<Vec<ProfileName>>,
    /// Where each value comes from.
    pub origins: Origins,
    /// What the operator should know.
    pub warnings: Report,
    /// Files whose change asks for a reload, the configuration file first.
    pub files: Vec<PathBuf>,
}

/// Reads a file, if there is one, and what the environment and the command line add to it.
///
/// # Errors
///
/// The report holds every problem, warnings included.
pub fn load(path: Option<&Path>, environment: &Environment, overrides: &Overrides) -> Result<Loaded, Box<Report>> {
    let Some(path) = path else {
        return from_text("", "command line", Path::new("."), environment, overrides);
    };
    let text = std::fs::read_to_string(path).map_err(|error| {
        let problem = Problem::error(format!("cannot read {}", path.display())).label(error.to_string());
        Box::new(Report { problems: vec![problem], ..Report::default() })
    })?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut loaded = from_text(&text, &path.display().to_string(), folder, environment, overrides)?;
    loaded.files.insert(0, path.to_owned());
    Ok(loaded)
}

/// Reads the text of a file; names of other files in it count from `folder`.
///
/// # Errors
///
/// As for [`load`].
pub fn from_text(
    text: &str,
    name: &str,
    folder: &Path,
    environment: &Environment,
    overrides: &Overrides,
) -> Result<Loaded, Box<Report>> {
    let report = |problems| Box::new(Report { path: name.to_owned(), text: text.to_owned(), problems });
    let (mut document, faults) = DeTable::parse_recoverable(text);
    if !faults.is_empty() {
        return Err(report(faults.iter().map(syntax).collect()));
    }
    let mut origins = Origins::of_file(document.get_ref(), text);
    let mut problems = check::check(document.get_mut(), &schema::value());
    let mut file = match raw::File::deserialize(Deserializer::from(document)) {
        Ok(file) => file,
        Err(error) => {
            problems.push(syntax(&error));
            return Err(report(problems));
        }
    };
    problems.extend(overrides::apply(&mut file, environment, overrides, &mut origins));
    let mut resolver = resolve::Resolver::new(folder, environment, problems);
    let Resolved { config, reports, autopilot, log_level, profiles } = resolver.file(&file);
    let dashboard = resolver.dashboard(file.dashboard.as_ref(), &config.server);
    let report = report(resolver.problems);
    if report.has_errors() {
        return Err(report);
    }
    let (warnings, files) = (*report, resolver.files);
    Ok(Loaded { config, reports, autopilot, dashboard, log_level, profiles, origins, warnings, files })
}

fn syntax(error: &toml::de::Error) -> Problem {
    let mut lines = error.message().lines();
    let problem = Problem::error("the file is not TOML").label(lines.next().unwrap_or_default());
    match error.span() {
        // At the end of the text there is nothing to underline.
        Some(span) => problem.at(span.start..span.end.max(span.start + 1)),
        None => problem,
    }
}

#[cfg(test)]
mod tests;
