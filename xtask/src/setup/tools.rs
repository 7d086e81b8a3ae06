//! Programs that extend cargo.

use std::process::Command;

use anyhow::Result;

use crate::process;
use crate::project::{Project, cargo};

/// A subcommand of cargo and the version that is known to work.
static TOOLS: &[(&str, &str)] = &[
    ("cargo-deny", "0.20.2"),     // licences, sources, doubles
    ("cargo-nextest", "0.9.143"), // each test in a process of its own
];

/// Builds the missing ones, which takes some minutes, once a machine; any version that is there will do.
pub(super) fn ensure(_: &Project) -> Result<String> {
    let mut installed = Vec::new();
    for (name, version) in TOOLS.iter().filter(|(name, _)| !is_there(name)) {
        process::run(cargo().args(["install", "--locked", "--quiet", name, "--version", version]))?;
        installed.push(*name);
    }
    Ok(if installed.is_empty() {
        format!("all {} are there", TOOLS.len())
    } else {
        format!("installed {}", installed.join(" "))
    })
}

/// Whether cargo finds the subcommand, wherever it was installed.
pub(crate) fn is_there(name: &str) -> bool {
    let subcommand = name.trim_start_matches("cargo-");
    Command::new("cargo").args([subcommand, "--version"]).output().is_ok_and(|output| output.status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subcommands_are_found_by_name() {
        for (name, exists) in [("cargo-clippy", true), ("cargo-no-such-thing", false)] {
            assert_eq!(is_there(name), exists, "{name}");
        }
    }
}
