//! The trees that are named on the command line.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use bartizan_audit::Tree;
use bartizan_audit::discover::{self, Unit};

use crate::output;

/// A tree, and the file in it that was named.
pub(super) struct Root {
    pub(super) tree: Tree,
    only: Option<PathBuf>,
}

impl Root {
    /// A folder is a tree; a file is read in the tree of its folder, or of its Python project. Nothing, where neither
    /// is there.
    pub(super) fn open(path: &Path) -> anyhow::Result<Option<Self>> {
        if path.is_dir() {
            return Ok(Some(Self { tree: Tree::open(path)?, only: None }));
        }
        if !path.exists() {
            return Ok(None);
        }
        let root = discover::root_of(path);
        let only = path.strip_prefix(&root).unwrap_or(path).to_owned();
        Ok(Some(Self { tree: Tree::open(&root)?, only: Some(only) }))
    }

    /// Finds the files to read, and tells how far it is.
    pub(super) fn units(&self) -> Vec<Unit> {
        match &self.only {
            Some(path) => {
                let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                discover::named_unit(&self.tree, path.clone(), name).into_iter().collect()
            }
            None => {
                let units = discover::units(&self.tree, progress);
                clear_progress();
                units
            }
        }
    }
}

/// A shell that does not know wildcards leaves them to us.
pub(super) fn expanded(path: &Path) -> Vec<PathBuf> {
    let text = path.to_string_lossy();
    if path.exists() || !text.contains(['*', '?', '[']) {
        return vec![path.to_owned()];
    }
    let start = if path.is_absolute() { "/" } else { "." };
    let Ok(tree) = Tree::open(Path::new(start)) else { return Vec::new() };
    let found = discover::named(&tree, path);
    if found.is_empty() {
        vec![path.to_owned()]
    } else {
        found.into_iter().map(|found| Path::new(start).join(found)).collect()
    }
}

/// Tells how far it is, where somebody watches.
fn progress(count: usize) {
    if count.is_multiple_of(500) && std::io::stderr().is_terminal() {
        output::progress(&format!("{count} files looked at"));
    }
}

fn clear_progress() {
    if std::io::stderr().is_terminal() {
        output::progress("");
    }
}
