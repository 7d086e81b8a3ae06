//! `@pm`: one of the words is in the value, in any case.

use super::{Capture, Captures, Entry, Literals, Operator, OperatorError};
use aho_corasick::{AhoCorasick, AhoCorasickBuilder};

pub(super) const OPERATOR: Entry = Entry {
    name: "pm",
    aliases: &[],
    compile: |argument, _| {
        let content = content(argument);
        let words = content.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        Ok(Box::new(Words::new(words.map(<[u8]>::to_vec).collect())?))
    },
    evaluate: None,
};

/// Words to look for all at once.
#[derive(Debug)]
pub(super) struct Words {
    words: Vec<Vec<u8>>,
    automaton: AhoCorasick,
}

impl Words {
    /// Builds the automaton of the words.
    pub(super) fn new(words: Vec<Vec<u8>>) -> Result<Self, OperatorError> {
        let automaton = AhoCorasickBuilder::new().ascii_case_insensitive(true).build(&words)?;
        Ok(Self { words, automaton })
    }
}

impl Operator for Words {
    fn matches(&self, value: &[u8], captures: Option<&mut Captures>) -> bool {
        let Some(captures) = captures else { return self.automaton.is_match(value) };
        let Some(found) = self.automaton.find(value) else { return false };
        Captures::set(Some(captures), || Capture::Span(found.range()));
        true
    }

    fn literals(&self) -> Option<Literals> {
        let words: Vec<&[u8]> = self.words.iter().map(Vec::as_slice).collect();
        Some(Literals::of_texts(&words))
    }
}

/// The argument without quotes around it, with `|41 42|` as the bytes it stands for and `\:`, `\;`, `\"` and `\\` as
/// themselves. What breaks this form is taken as it stands.
fn content(argument: &str) -> Vec<u8> {
    let trimmed = argument.trim_start_matches([' ', '\t']);
    let inner = trimmed.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(trimmed);
    unescaped(inner.as_bytes()).unwrap_or_else(|| argument.as_bytes().to_vec())
}

fn unescaped(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(rest.len());
    while let [byte, after @ ..] = rest {
        rest = after;
        match byte {
            b'|' => {
                let end = memchr::memchr(b'|', after)?;
                let (bytes, after) = after.split_at(end);
                for pair in bytes.split(u8::is_ascii_whitespace).filter(|pair| !pair.is_empty()) {
                    out.push(u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?);
                }
                rest = after.get(1..)?;
            }
            b'\\' => {
                let escaped = after.first().filter(|byte| b":;\\\"".contains(byte))?;
                out.push(*escaped);
                rest = after.get(1..)?;
            }
            _ => out.push(*byte),
        }
    }
    Some(out)
}
