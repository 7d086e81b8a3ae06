//! `cargo xtask docs`: writes the reference pages, or checks that they are those the program would write.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::process;
use crate::project::{Project, cargo};

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Only say which pages are out of step, and fail if one is.
    #[arg(long)]
    check: bool,
}

/// Writes or checks the pages.
pub(crate) fn run(project: &Project, options: &Options) -> Result<()> {
    if options.check { check(project) } else { renew(project) }
}

/// Writes the pages, and removes those of rules that are no more.
fn renew(project: &Project) -> Result<()> {
    let docs = project.root.join("docs");
    let before = pages(&docs)?;
    let fresh = tempfile::tempdir()?;
    write(project, fresh.path())?;
    let wanted = pages(fresh.path())?;
    for path in before.into_keys().filter(|path| path.starts_with("rules") && !wanted.contains_key(path)) {
        fs::remove_file(docs.join(&path)).with_context(|| format!("cannot remove docs/{}", path.display()))?;
    }
    for (path, text) in wanted {
        fs::write(docs.join(&path), text).with_context(|| format!("cannot write docs/{}", path.display()))?;
    }
    Ok(())
}

/// Fails when a page is missing, out of step, or of a rule that is no more.
pub(crate) fn check(project: &Project) -> Result<()> {
    let fresh = tempfile::tempdir()?;
    write(project, fresh.path())?;
    let (wanted, mut there) = (pages(fresh.path())?, pages(&project.root.join("docs"))?);
    let mut wrong: Vec<PathBuf> = Vec::new();
    for (path, text) in wanted {
        if there.remove(&path).as_ref() != Some(&text) {
            wrong.push(path);
        }
    }
    // Pages that people write may stand beside, but not among the rules.
    wrong.extend(there.into_keys().filter(|path| path.starts_with("rules")));
    if wrong.is_empty() {
        return Ok(());
    }
    for path in &wrong {
        eprintln!("docs/{}: out of step", path.display());
    }
    bail!("run `cargo xtask docs`")
}

fn write(project: &Project, folder: &Path) -> Result<()> {
    let mut command = cargo();
    command.args(["run", "--quiet", "--package", "bartizan", "--example", "reference", "--"]);
    process::run(command.arg(folder).current_dir(&project.root))
}

fn pages(root: &Path) -> Result<BTreeMap<PathBuf, String>> {
    let mut pages = BTreeMap::new();
    for folder in [root.to_owned(), root.join("rules")] {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "md") {
                let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
                pages.insert(path.strip_prefix(root)?.to_owned(), text);
            }
        }
    }
    Ok(pages)
}
