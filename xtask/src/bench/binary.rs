//! The programs a bench runs that are built here: bartizan itself, and this tool without a debug build's slowness.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use super::Options;
use crate::process;
use crate::project::{Project, cargo};

/// Returns the bartizan to measure: the named one, or one built as packages are.
pub(super) fn bartizan(project: &Project, options: &Options) -> Result<PathBuf> {
    if let Some(path) = &options.bin {
        return fs::canonicalize(path).with_context(|| format!("no program at {}", path.display()));
    }
    build(project, &["--profile", "dist", "--package", "bartizan"])?;
    Ok(project.target.join("dist/bartizan"))
}

/// Returns this tool, built fast enough that load and upstream are never what is measured.
pub(super) fn xtask(project: &Project) -> Result<PathBuf> {
    build(project, &["--release", "--package", "xtask"])?;
    Ok(project.target.join("release/xtask"))
}

/// Builds with all output on standard error: standard output is for rows.
fn build(project: &Project, arguments: &[&str]) -> Result<()> {
    let mut command = cargo();
    command.arg("build").args(arguments).current_dir(&project.root);
    let shown = process::show(&command);
    eprintln!("$ {shown}");
    ensure!(command.status()?.success(), "`{shown}` failed");
    Ok(())
}
