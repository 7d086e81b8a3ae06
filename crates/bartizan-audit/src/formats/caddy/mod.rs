//! A Caddyfile: its sites and directives as one tree, with snippets where they are imported.
//!
//! Nothing is written in the file about what a directive means, and nothing is known of it here. Files that are imported
//! by name are read from the tree.

mod lexer;
mod parser;

use std::path::{Path, PathBuf};

use bartizan_rules::facts::blocks::Blocks;

use super::Reading;
use crate::source::Source;
use crate::tree::{ReadError, Tree};

/// Reads a Caddyfile.
///
/// # Errors
///
/// When the file itself cannot be read; what it imports may be missing.
pub fn read(tree: &Tree, path: &Path) -> Result<Reading<Blocks>, ReadError> {
    let source = tree.read(path)?;
    let folder = path.parent().map(PathBuf::from).unwrap_or_default();
    Ok(parser::Parser::new(tree, folder).read(&source))
}

/// Reads the text of a Caddyfile that imports no files.
pub fn read_text(text: &str) -> Reading<Blocks> {
    let tree = Tree::in_memory([]);
    parser::Parser::new(&tree, PathBuf::new()).read(&Source::new("Caddyfile", text.as_bytes().to_vec()))
}
