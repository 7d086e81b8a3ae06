//! `cargo xtask setup`: installs what the tests need and is missing, each thing with a pinned version.
//!
//! It is quick when all is there, goes on when something cannot be installed, and says so loudly.
//! Nothing is written outside `target/` but Debian packages and cargo's own tools.

mod debian;
pub(crate) mod journeys;
mod npm;
mod pypi;
pub(crate) mod tools;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::project::Project;

/// One kind of thing that tests need from outside.
struct Need {
    name: &'static str,
    /// Installs what is missing; returns one line on what there is now.
    ensure: fn(&Project) -> Result<String>,
}

/// In this order: a virtual environment needs Debian's Python, and npm may come with it.
static NEEDS: &[Need] = &[
    Need { name: "Debian packages", ensure: debian::ensure },
    Need { name: "PyPI packages", ensure: pypi::ensure },
    Need { name: "npm packages", ensure: npm::ensure },
    Need { name: "apps of journeys", ensure: journeys::ensure },
    Need { name: "cargo tools", ensure: tools::ensure },
];

/// Installs all that is missing, and fails at the end if something could not be.
pub(crate) fn run(project: &Project) -> Result<()> {
    let mut missing = Vec::new();
    for need in NEEDS {
        let start = Instant::now();
        match (need.ensure)(project) {
            Ok(line) => println!("{}: {line} ({:.1} s)", need.name, start.elapsed().as_secs_f64()),
            Err(error) => {
                eprintln!("\n!!! {} CANNOT BE INSTALLED: {error:#}\n!!! tests that need them will say so\n", need.name);
                missing.push(need.name);
            }
        }
    }
    if !missing.is_empty() {
        bail!("setup is incomplete: {}", missing.join(", "));
    }
    Ok(())
}

/// The virtual environment's programs; they come first in the path of the tests.
pub(crate) fn programs(project: &Project) -> PathBuf {
    pypi::environment(project).join("bin")
}

/// Whether a folder was filled from exactly this list; an interrupted installation never counts.
fn is_stamped(folder: &Path, list: &str) -> bool {
    fs::read_to_string(folder.join(STAMP)).is_ok_and(|text| text == list)
}

/// Remembers that a folder holds exactly this list; written last.
fn stamp(folder: &Path, list: &str) -> Result<()> {
    fs::write(folder.join(STAMP), list).with_context(|| format!("cannot write to {}", folder.display()))
}

const STAMP: &str = ".installed";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_list_is_installed_again() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_stamped(folder.path(), "a==1"));
        stamp(folder.path(), "a==1").unwrap();
        for (list, is_there) in [("a==1", true), ("a==2", false), ("a==1\nb==1", false)] {
            assert_eq!(is_stamped(folder.path(), list), is_there, "{list}");
        }
    }
}
