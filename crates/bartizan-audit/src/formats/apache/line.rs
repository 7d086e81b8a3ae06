//! The lines of an Apache file, and the words of a line.
//!
//! A backslash at the end joins a line with the next. A number sign makes a comment only where a line begins.

use std::ops::Range;

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
            end = at + length;
            at = end + 1;
            number += 1;
            let is_joined = text.get(start..end).is_some_and(|line| line.trim_end_matches('\r').ends_with('\\'));
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
    let start = span.start + (raw.len() - raw.trim_start().len());
    let trimmed = raw.trim().trim_end_matches('\\').trim_end();
    let end = start + trimmed.len();
    if trimmed.is_empty() || trimmed.starts_with('#') {
        return None;
    }
    let (kind, inner) = if trimmed.starts_with("</") {
        (Kind::Close, start + 2..end - usize::from(trimmed.ends_with('>')))
    } else if trimmed.starts_with('<') {
        (Kind::Open, start + 1..end - usize::from(trimmed.ends_with('>')))
    } else {
        (Kind::Directive, start..end)
    };
    let words = words(text, inner);
    (!words.is_empty()).then_some(Line { words, kind, span: start..end, number })
}

fn words(text: &str, span: Range<usize>) -> Vec<Word> {
    let mut words = Vec::new();
    let mut chars = text.get(span.clone()).unwrap_or_default().char_indices().peekable();
    while let Some((offset, c)) = chars.next() {
        let start = span.start + offset;
        let is_join = c == '\\' && matches!(chars.peek(), Some((_, '\n' | '\r')));
        if c.is_whitespace() || is_join {
            continue;
        }
        let mut word = String::new();
        let quote = matches!(c, '"' | '\'').then_some(c);
        if quote.is_none() {
            word.push(c);
        }
        let mut end = start + c.len_utf8();
        while let Some((offset, c)) = chars.peek().copied() {
            let is_join =
                c == '\\' && text.get(span.start + offset + 1..).is_some_and(|rest| rest.starts_with(['\n', '\r']));
            if quote.is_none() && (c.is_whitespace() || is_join) {
                break;
            }
            chars.next();
            end = span.start + offset + c.len_utf8();
            if Some(c) == quote {
                break;
            }
            // Only the quote itself loses its backslash.
            if c == '\\' && quote.is_some() && chars.peek().map(|(_, next)| *next) == quote {
                word.extend(chars.next().map(|(_, next)| next));
                continue;
            }
            word.push(c);
        }
        words.push(Word { text: word.into(), span: start..end });
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_words_and_kinds() {
        let text = "ServerTokens \\\n  Full\n# a comment\n<Directory \"/var/www x\">\n  Options -Indexes # no comment\n</Directory>\n";
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
            ]
        );
        for text in ["\\", "\"", "<", "</", "a \\\n", "'\\'"] {
            lines(text);
        }
    }
}
