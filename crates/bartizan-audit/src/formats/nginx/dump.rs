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

/// Splits the output; nothing, if a text is not such an output.
pub(super) fn sections(text: &str, tokens: &[Token]) -> Option<Vec<Section>> {
    let mut sections: Vec<Section> = Vec::new();
    for token in tokens {
        if let Some(path) = heading(text, token) {
            sections.push(Section { path, tokens: Vec::new() });
        } else {
            sections.last_mut()?.tokens.push(token.clone());
        }
    }
    (!sections.is_empty()).then_some(sections)
}

fn heading(text: &str, token: &Token) -> Option<String> {
    let comment = text.get(token.span.clone()).filter(|_| token.kind == Kind::Comment)?;
    Some(comment.strip_prefix('#')?.trim().strip_prefix("configuration file ")?.strip_suffix(':')?.to_owned())
}
