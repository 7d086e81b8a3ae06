//! The real apps that journeys go through, each in a folder of its own, `target/journeys/NAME`.
//!
//! What is installed stands in the `app.toml` beside each journey; their versions must not disagree with each
//! other's, so they share nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::json;

use super::npm;
use crate::process;
use crate::project::Project;

/// The part of an `app.toml` that says what to install; the tests read the rest.
#[derive(Debug, Deserialize)]
struct Row {
    registry: Registry,
    packages: Vec<String>,
    #[serde(default)]
    in_checks: bool,
    #[serde(default)]
    overrides: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Registry {
    Npm,
    Pypi,
}

/// Installs the apps that every check travels.
pub(super) fn ensure(project: &Project) -> Result<String> {
    ensure_those(project, |row| row.in_checks)
}

/// Installs all apps.
pub(crate) fn ensure_all(project: &Project) -> Result<String> {
    ensure_those(project, |_| true)
}

/// Installs each app unless its folder holds exactly what its file asks for.
fn ensure_those(project: &Project, is_wanted: fn(&Row) -> bool) -> Result<String> {
    let mut installed = Vec::new();
    let mut apps = apps(&project.root)?;
    apps.retain(|_, row| is_wanted(row));
    for (name, row) in &apps {
        let folder = project.root.join("target/journeys").join(name);
        let list = format!("{:?} {:?}", row.packages, row.overrides);
        if super::is_stamped(&folder, &list) {
            continue;
        }
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot clear {}", folder.display()))?;
        }
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        match row.registry {
            Registry::Npm => install_npm(project, &folder, row),
            Registry::Pypi => install_pypi(&folder, row),
        }
        .with_context(|| name.clone())?;
        super::stamp(&folder, &list)?;
        installed.push(name.as_str());
    }
    let all = format!("all {} are there", apps.len());
    Ok(if installed.is_empty() { all } else { format!("installed {}", installed.join(" ")) })
}

fn install_npm(project: &Project, folder: &Path, row: &Row) -> Result<()> {
    let manifest = json!({ "private": true, "overrides": row.overrides });
    fs::write(folder.join("package.json"), manifest.to_string())?;
    npm::install_into(project, folder, &row.packages)
}

fn install_pypi(folder: &Path, row: &Row) -> Result<()> {
    process::run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    let mut pip = Command::new(folder.join("bin/python"));
    // Compiled when first used: most of it never is.
    let options = ["install", "--quiet", "--disable-pip-version-check", "--no-compile"];
    process::run(pip.args(["-m", "pip"]).args(options).args(&row.packages))
}

/// Reads the file of every app, by the names of their folders.
fn apps(root: &Path) -> Result<BTreeMap<String, Row>> {
    let folder = root.join(APPS);
    let mut apps = BTreeMap::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path: PathBuf = entry?.path().join("app.toml");
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let row = toml::from_str(&text).with_context(|| path.display().to_string())?;
        let name = path.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
        apps.insert(name, row);
    }
    Ok(apps)
}

const APPS: &str = "crates/bartizan/tests/journeys/apps";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_is_exact() {
        let apps = apps(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        assert!(apps.len() > 3);
        for package in apps.values().flat_map(|row| &row.packages) {
            let (_, version) = package.rsplit_once("==").or_else(|| package.rsplit_once('@')).expect("pinned");
            assert!(version.split('.').all(|part| part.parse::<u32>().is_ok()), "{package}");
        }
    }
}
