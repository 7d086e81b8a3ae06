//! nginx: a configuration and all that it includes, as one tree.
//!
//! What nginx would refuse is told and passed over, so that the rest can be judged. Values are not understood here.

mod dump;
mod lexer;
mod parser;

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

/// Reads the text of an example.
pub fn read_text(text: &str) -> Reading<Blocks> {
    let tree = Tree::in_memory([]);
    let mut parser = parser::Parser::new(&tree, PathBuf::new());
    parser.main(&Source::new("nginx.conf", text.as_bytes().to_vec()), Path::new("nginx.conf"));
    parser.done()
}

/// Whether a file is nginx's.
pub(super) fn claims(name: &str, text: &str) -> Claim {
    let is_named = name == "nginx.conf" || name.ends_with(".conf") || name.ends_with(".nginx") || !name.contains('.');
    if !is_named || text.starts_with("#!") {
        return Claim::No;
    }
    if name == "nginx.conf" || is_main(text) {
        return Claim::Whole;
    }
    let is_block = |line: &str| {
        let line = line.trim();
        let is_first = ["server {", "server{", "upstream ", "location ", "map $", "limit_req_zone ", "proxy_pass "];
        is_first.iter().any(|start| line.starts_with(start)) && line.ends_with(['{', ';', '}'])
    };
    if text.lines().any(is_block) { Claim::Part } else { Claim::No }
}

/// Whether a text looks like a whole configuration rather than a part of one: it has a block `http`, `stream` or `mail`.
pub fn is_main(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut is_named = false;
    // Such a block stands near the start, and what follows need not be looked at.
    lexer::each(text, |token| {
        match &token.kind {
            lexer::Kind::Open if depth == 0 && is_named => return true,
            lexer::Kind::Open => depth += 1,
            lexer::Kind::Close => depth = depth.saturating_sub(1),
            _ => {}
        }
        is_named =
            matches!(&token.kind, lexer::Kind::Word(word) if matches!(&**word, "http" | "stream" | "mail" | "events"));
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_is_known_by_its_blocks() {
        for (text, is_whole) in [
            ("events {} http { server { listen 80; } }", true),
            ("stream { server { listen 80; } }", true),
            ("server { listen 80; }", false),
            ("# http {\n", false),
            ("server { http on; }", false),
        ] {
            assert_eq!(is_main(text), is_whole, "{text}");
        }
    }
}
