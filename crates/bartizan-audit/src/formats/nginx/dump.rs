//! The output of `nginx -T`: all files of a configuration in one, each after a comment with its name.

use super::lexer::{Kind, Token};

/// A file within the output.
#[derive(Debug)]
pub(super) struct Section {
    /// Its name, as nginx knows it.
    pub(super) path: String,
    /// Its pieces.
    pub(super) tokens: Vec<Token>,
}

/// Splits the output; nothing, if a file is not such an output.
pub(super) fn sections(tokens: &[Token]) -> Option<Vec<Section>> {
    let mut sections: Vec<Section> = Vec::new();
    for token in tokens {
        if let Some(path) = heading(token) {
            sections.push(Section { path, tokens: Vec::new() });
        } else {
            sections.last_mut()?.tokens.push(token.clone());
        }
    }
    (!sections.is_empty()).then_some(sections)
}

fn heading(token: &Token) -> Option<String> {
    let Kind::Comment(comment) = &token.kind else { return None };
    Some(comment.trim().strip_prefix("configuration file ")?.strip_suffix(':')?.to_owned())
}
