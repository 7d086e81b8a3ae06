//! Apache: a configuration and all that it includes, as one tree.
//!
//! Conditions are followed as far as the files tell: a module counts as loaded, a name as defined where it is defined.

mod line;
mod parser;
mod version;

use std::path::{Path, PathBuf};

use bartizan_rules::facts::blocks::Blocks;

use super::{Claim, Reading};
use crate::source::Source;
use crate::tree::{ReadError, Tree};

/// Reads a configuration.
///
/// # Errors
///
/// When the file itself cannot be read; what it includes may be missing.
pub fn read(tree: &Tree, path: &Path) -> Result<Reading<Blocks>, ReadError> {
    let source = tree.read(path)?;
    let folder = path.parent().map(PathBuf::from).unwrap_or_default();
    let mut parser = parser::Parser::new(tree, folder);
    parser.main(&source, path);
    Ok(parser.done())
}

/// Whether a file is Apache's.
pub(super) fn claims(name: &str, text: &str) -> Claim {
    if matches!(name, "httpd.conf" | "apache2.conf") {
        return Claim::Whole;
    }
    let starts = |line: &str, start: &str| line.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    let sections = ["<VirtualHost", "<Directory", "<FilesMatch", "<Files", "<Location", "<IfModule", "<IfDefine"];
    let is_section = |line: &str| sections.iter().any(|start| starts(line.trim(), start));
    let is_named = name.ends_with(".conf") || name.ends_with(".load") || !name.contains('.');
    // Most files have no such sign at all.
    if !is_named || !text.contains('<') || !text.lines().any(is_section) {
        return Claim::No;
    }
    if text.lines().any(|line| starts(line.trim(), "ServerRoot ")) { Claim::Whole } else { Claim::Part }
}

/// Reads the text of an example.
pub fn read_text(text: &str) -> Reading<Blocks> {
    let tree = Tree::in_memory([]);
    let mut parser = parser::Parser::new(&tree, PathBuf::new());
    parser.main(&Source::new("httpd.conf", text.as_bytes().to_vec()), Path::new("httpd.conf"));
    parser.done()
}
