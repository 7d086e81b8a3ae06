//! `cargo xtask tidy`: what the compiler does not check, each check a pure function over the tree.

mod code;
mod floors;
mod fuzz;
mod layout;
mod names;
mod order;
mod text;
mod tree;

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::project::Project;
use tree::Tree;

/// One thing to mend, and where.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Complaint {
    path: PathBuf,
    /// From 1; a complaint about a whole file points at its first line.
    line: usize,
    message: String,
}

impl Complaint {
    fn new(path: &Path, line: usize, message: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, message: message.into() }
    }
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path.display(), self.line, self.message)
    }
}

/// The checks over files; floors are judged from the manifests beside them.
static CHECKS: &[fn(&Tree) -> Vec<Complaint>] = &[
    fuzz::check,   // a parser of foreign bytes without a fuzz target
    layout::check, // modules with children lie whole in one folder
    names::check,  // names that say nothing attract everything
    order::check,  // lists whose order matters say why
    text::check,   // what shows as noise in a review
];

/// Prints every complaint and fails if there is one.
pub(crate) fn run(project: &Project) -> Result<()> {
    let tree = Tree::read(&project.root)?;
    let mut complaints = floors::check(project);
    complaints.extend(CHECKS.iter().flat_map(|check| check(&tree)));
    complaints.sort();
    for complaint in &complaints {
        println!("{complaint}");
    }
    if !complaints.is_empty() {
        bail!("{} thing(s) to tidy", complaints.len());
    }
    println!("{} files are tidy", tree.files.len());
    Ok(())
}
