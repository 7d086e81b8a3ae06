//! The lines of an Apache file, and the words of a line, as `ap_getword_conf` splits them.
//!
//! A backslash at the end joins a line with the next, and both are gone. A number sign makes a comment only where a line
//! begins.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

use bartizan_rules::facts::blocks::Word;

/// A line, joined with those that it goes on in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) words: Vec<Word>,
    pub(super) kind: Kind,
    /// Without the white space around it.
    pub(super) span: Range<usize>,
    pub(super) number: usize,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Close,
    Directive,
    Open,
}

/// Splits a text into its lines; blank ones and comments are left out.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let (mut at, mut number) = (0, 1);
    while at < text.len() {
        let (start, first) = (at, number);
        let mut end;
        loop {
            let rest = text.get(at..).unwrap_or_default();
            let length = rest.find('\n').unwrap_or(rest.len());
            let part = rest.get(..length).unwrap_or_default();
            end = at + length;
            at = end + 1;
            number += 1;
            let is_joined = part.strip_suffix('\r').unwrap_or(part).ends_with('\\');
            if !is_joined || at >= text.len() {
                break;
            }
        }
        lines.extend(line(text, start..end, first));
    }
    lines
}

fn line(text: &str, span: Range<usize>, number: usize) -> Option<Line> {
    let raw = text.get(span.clone())?;
    let start = span.start + Unjoined::new(raw).find(|(_, c)| !c.is_whitespace()).map(|(offset, _)| offset)?;
    let trimmed = text.get(start..span.end)?.trim_end().trim_end_matches('\\').trim_end();
    let end = start + trimmed.len();
    if trimmed.is_empty() || trimmed.starts_with('#') {
        return None;
    }
    let (kind, inner) = if trimmed.starts_with("</") {
        // What stands behind the name is not read.
        let length = trimmed.find(|c: char| c == '>' || c.is_whitespace()).unwrap_or(trimmed.len());
        (Kind::Close, start + 2..(start + length).max(start + 2))
    } else if trimmed.starts_with('<') {
        // The last one ends it: those before it may belong to an expression.
        let length = trimmed.rfind('>').filter(|length| *length > 0).unwrap_or(trimmed.len());
        (Kind::Open, start + 1..start + length)
    } else {
        (Kind::Directive, start..end)
    };
    let words = words(text.get(inner.clone())?, inner.start);
    (!words.is_empty()).then_some(Line { words, kind, span: start..end, number })
}

/// Splits a part of a file into words, as if nothing stood before and behind it.
pub(super) fn words(text: &str, start: usize) -> Vec<Word> {
    let mut words = Vec::new();
    let mut chars = Unjoined::new(text);
    while let Some((first, c)) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        let quote = matches!(c, '"' | '\'').then_some(c);
        let mut word = String::new();
        let mut end = first + c.len_utf8();
        let mut is_escape = quote.is_none() && c == '\\';
        if quote.is_none() {
            word.push(c);
        }
        while let Some((offset, c)) = chars.peek() {
            if quote.is_none() && c.is_whitespace() {
                break;
            }
            chars.next();
            end = offset + c.len_utf8();
            // A backslash before another, or before the quote, only says that this one is meant.
            if is_escape && (c == '\\' || Some(c) == quote) {
                word.pop();
                word.push(c);
                is_escape = false;
                continue;
            }
            if Some(c) == quote {
                break;
            }
            is_escape = c == '\\';
            word.push(c);
        }
        words.push(Word { text: word.into(), span: start + first..start + end });
    }
    words
}

/// The characters of a text without the ends of lines that go on.
struct Unjoined<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
}

impl<'a> Unjoined<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, chars: text.char_indices().peekable() }
    }

    fn peek(&mut self) -> Option<(usize, char)> {
        while let Some((at, '\\')) = self.chars.peek().copied() {
            let rest = self.text.get(at + 1..).unwrap_or_default();
            if !rest.starts_with('\n') && !rest.starts_with("\r\n") {
                break;
            }
            self.chars.next();
            self.chars.next_if(|(_, c)| *c == '\r');
            self.chars.next();
        }
        self.chars.peek().copied()
    }
}

impl Iterator for Unjoined<'_> {
    type Item = (usize, char);

    fn next(&mut self) -> Option<Self::Item> {
        self.peek()?;
        self.chars.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_words_and_kinds() {
        let text = "ServerTokens \\\n  Full\n# a comment\n<Directory \"/var/www x\">\n  Options -Indexes # no comment\n</Directory> # none\n\
                    # a comment \\\n goes on\n<If \"%{A} -gt 3 && %{B} > 3\"> \n";
        let shown: Vec<_> = lines(text)
            .into_iter()
            .map(|line| {
                let words: Vec<_> = line.words.iter().map(|word| word.text.to_string()).collect();
                (line.number, line.kind, words.join("|"))
            })
            .collect();
        assert_eq!(
            shown,
            [
                (1, Kind::Directive, "ServerTokens|Full".to_owned()),
                (4, Kind::Open, "Directory|/var/www x".to_owned()),
                (5, Kind::Directive, "Options|-Indexes|#|no|comment".to_owned()),
                (6, Kind::Close, "Directory".to_owned()),
                (9, Kind::Open, "If|%{A} -gt 3 && %{B} > 3".to_owned()),
            ]
        );
        for text in ["\\", "\"", "<", "</", "<>", "</>", "a \\\n", "'\\'", "\\\n", "\\\r\n\\", " \\\n\\\n <"] {
            lines(text);
        }
    }

    #[test]
    fn words_are_split_as_httpd_does() {
        for (text, expected) in [
            (r#"a "b c" 'd "e"'"#, vec!["a", "b c", r#"d "e""#]),
            (r#""a \"b\" c""#, vec![r#"a "b" c"#]),
            (r#""a\\b" a\\b a\b"#, vec![r"a\b", r"a\b", r"a\b"]),
            (r#""t\\" u"#, vec![r"t\", "u"]),
            (r#""it\'s" 'it\'s'"#, vec![r"it\'s", "it's"]),
            (r#""a"b"#, vec!["a", "b"]),
            (r#"a"b c""#, vec![r#"a"b"#, r#"c""#]),
            ("a\\\nb \\\r\n  c", vec!["ab", "c"]),
            ("\"a;\\\n\\\n  b\"", vec!["a;  b"]),
            ("\"open", vec!["open"]),
            ("\"\"", vec![""]),
        ] {
            let found: Vec<_> = words(text, 0).into_iter().map(|word| word.text).collect();
            assert_eq!(found.iter().map(|word| &**word).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
