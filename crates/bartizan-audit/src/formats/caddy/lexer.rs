//! A Caddyfile's pieces: words, braces and ends of lines, each with its place.

use std::ops::Range;

/// A piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
    /// From 1.
    pub(super) line: usize,
}

/// What a piece is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// `}` alone.
    Close,
    /// The end of a line.
    End,
    /// `{` alone.
    Open,
    /// A word, without its quotes.
    Word(String),
}

/// Splits a text. A quote that is not closed ends with the file.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        match c {
            '\n' => {
                tokens.push(Token { kind: Kind::End, span: start..start, line });
                line += 1;
            }
            c if c.is_whitespace() => {}
            // A sign within a word is part of it.
            '#' => while chars.next_if(|(_, c)| *c != '\n').is_some() {},
            // A line that ends in a backslash goes on.
            '\\' if matches!(chars.peek(), Some((_, '\n' | '\r'))) => {
                chars.next_if(|(_, c)| *c == '\r');
                if chars.next_if(|(_, c)| *c == '\n').is_some() {
                    line += 1;
                }
            }
            quote @ ('"' | '`') => {
                let began = line;
                let mut word = String::new();
                let mut end = text.len();
                while let Some((at, c)) = chars.next() {
                    if c == quote {
                        end = at + 1;
                        break;
                    }
                    line += usize::from(c == '\n');
                    match (c, chars.peek()) {
                        ('\\', Some((_, '"'))) if quote == '"' => {
                            chars.next();
                            word.push('"');
                        }
                        _ => word.push(c),
                    }
                }
                tokens.push(Token { kind: Kind::Word(word), span: start..end, line: began });
            }
            c => {
                let mut word = String::from(c);
                let mut end = start + c.len_utf8();
                while let Some((at, c)) = chars.next_if(|(_, c)| !c.is_whitespace()) {
                    word.push(c);
                    end = at + c.len_utf8();
                }
                let kind = match &*word {
                    "{" => Kind::Open,
                    "}" => Kind::Close,
                    _ => Kind::Word(word),
                };
                tokens.push(Token { kind, span: start..end, line });
            }
        }
    }
    tokens.push(Token { kind: Kind::End, span: text.len()..text.len(), line });
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_caddy_splits_them() {
        for (text, expected) in [
            ("a b\n", vec!["a", "b", "|", "|"]),
            ("a \"b c\\\"d\" `e\nf`", vec!["a", "b c\"d", "e\nf", "|"]),
            ("a#b # c\nd", vec!["a#b", "|", "d", "|"]),
            ("a \\\n b {\n}", vec!["a", "b", "{", "|", "}", "|"]),
            ("{$HOST} {path}", vec!["{$HOST}", "{path}", "|"]),
            ("\"open", vec!["open", "|"]),
        ] {
            let words: Vec<_> = tokens(text)
                .into_iter()
                .map(|token| match token.kind {
                    Kind::Close => "}".to_owned(),
                    Kind::End => "|".to_owned(),
                    Kind::Open => "{".to_owned(),
                    Kind::Word(word) => word,
                })
                .collect();
            assert_eq!(words, expected, "{text}");
        }
    }
}
