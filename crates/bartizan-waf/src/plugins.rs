//! Plugins of the Core Rule Set, and the exclusion packages among them.
//!
//! A plugin is up to three files, `NAME-config.conf`, `NAME-before.conf` and `NAME-after.conf`, that run behind the set-up,
//! before the rules and behind them. An exclusion package is what makes the rules fit an app: in the fourth version of the
//! rules it is a plugin called `APP-rule-exclusions`, in the third it is part of the rules and asks for the variable
//! `tx.crs_exclusions_APP`.

use std::path::{Path, PathBuf};

use crate::files::Files;

/// The plugins of a rule set.
#[derive(Debug, Default)]
pub(crate) struct Plugins(Vec<PathBuf>);

impl Plugins {
    /// Finds the plugins in these folders. Where packages are named, the exclusion packages that are not stay out; every
    /// other plugin was put there to run.
    pub(crate) fn find(folders: &[PathBuf], packages: Option<&[String]>, files: &dyn Files) -> Self {
        let mut paths: Vec<PathBuf> =
            folders.iter().flat_map(|folder| files.list(folder).unwrap_or_default()).collect();
        paths.retain(|path| match (package_of(path), packages) {
            (Some(package), Some(named)) => named.contains(&package),
            _ => true,
        });
        // By name, whatever folder they lie in: plugins are numbered by their authors' conventions, not by place.
        paths.sort_by(|a, b| (a.file_name(), a).cmp(&(b.file_name(), b)));
        Self(paths)
    }

    /// Returns the files that run at one point: `-config.conf`, `-before.conf` or `-after.conf`.
    pub(crate) fn at<'a>(&'a self, point: &'a str) -> impl Iterator<Item = &'a Path> {
        self.0
            .iter()
            .map(PathBuf::as_path)
            .filter(move |path| path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(point)))
    }

    fn has_package(&self, package: &str) -> bool {
        self.0.iter().any(|path| package_of(path).as_deref() == Some(package))
    }
}

/// Returns the exclusion package that a file belongs to.
fn package_of(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    POINTS.iter().find_map(|point| Some(name.strip_suffix(point)?.strip_suffix(EXCLUSIONS)?.to_owned()))
}

/// Returns which of these packages neither a plugin nor the rules themselves have.
pub(crate) fn missing(packages: &[String], plugins: &Plugins, rules: &[PathBuf], files: &dyn Files) -> Vec<String> {
    let texts: Vec<Vec<u8>> = rules.iter().filter_map(|path| files.read(path).ok()).collect();
    let asks = |package: &str| {
        let name = variable(package);
        texts.iter().any(|text| memchr::memmem::find(text, name.as_bytes()).is_some())
    };
    packages.iter().filter(|package| !plugins.has_package(package) && !asks(package)).cloned().collect()
}

/// Returns the variable by which rules of the third version ask for a package.
pub(crate) fn variable(package: &str) -> String {
    format!("crs_exclusions_{package}")
}

/// Where files of a plugin run.
const POINTS: &[&str] = &["-config.conf", "-before.conf", "-after.conf"];
/// What exclusion packages are called behind their app.
const EXCLUSIONS: &str = "-rule-exclusions";
