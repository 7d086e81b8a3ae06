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
    // One without its end is not looked for again, so that the file is read once.
    let mut is_open = false;
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
                let found = (!is_open && word.starts_with("<<")).then(|| heredoc(text, &word, end));
                is_open |= matches!(found, Some(None));
                if let Some((inner, after)) = found.flatten() {
                    tokens.push(Token { kind: Kind::Word(inner), span: start..after, line });
                    while chars.next_if(|(at, _)| *at < after).is_some_and(|(_, c)| {
                        line += usize::from(c == '\n');
                        true
                    }) {}
                    continue;
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

/// Returns the text of a word that begins with `<<NAME` and goes on to a line of that name, and where that ends.
///
/// The white space before that last name is taken from each line.
fn heredoc(text: &str, word: &str, end: usize) -> Option<(String, usize)> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let name = word.strip_prefix("<<").filter(|name| !name.is_empty() && name.chars().all(is_name))?;
    let rest = text.get(end..)?;
    let rest = rest.strip_prefix('\r').unwrap_or(rest).strip_prefix('\n')?;
    let start = text.len() - rest.len();
    let mut at = start;
    for line in rest.split_inclusive('\n') {
        let inner = line.trim_start();
        let lead = line.len() - inner.len();
        let is_last =
            inner.strip_prefix(name).is_some_and(|after| after.is_empty() || after.starts_with(char::is_whitespace));
        if is_last {
            let lines = text.get(start..at)?.lines();
            let lead = line.get(..lead)?;
            let lines: Vec<_> = lines.map(|line| line.strip_prefix(lead).unwrap_or(line.trim_start())).collect();
            return Some((lines.join("\n"), at + lead.len() + name.len()));
        }
        at += line.len();
    }
    None
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
            ("a <<E\n\tb c\n\t\td\n\tE 200\nf", vec!["a", "b c\n\td", "200", "|", "f", "|"]),
            ("a <<E\nE\nf", vec!["a", "", "|", "f", "|"]),
            ("a <<E\nEx\n", vec!["a", "<<E", "|", "Ex", "|", "|"]),
            ("<<E", vec!["<<E", "|"]),
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
