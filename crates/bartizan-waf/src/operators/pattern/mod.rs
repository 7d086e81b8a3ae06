//! Patterns as rules write them, in the syntax of PCRE, over bytes.
//!
//! An automaton runs all that are regular, in time linear in the value. Look-around, back-references and atomic groups run
//! on a backtracker that gives up after a number of steps; what it gives up on does not match.

mod syntax;

use super::{Capture, Captures, Literals};
use fancy_regex::RegexBuilder as BacktrackingBuilder;
use regex::bytes::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;
use std::borrow::Cow;
use std::ops::Range;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    compiled: Compiled,
    literals: Option<Literals>,
}

/// What runs a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// An automaton, in time linear in the value.
    Automaton,
    /// A backtracker with a limit of steps.
    Backtracker,
}

/// Why a pattern does not compile.
#[derive(Debug, thiserror::Error)]
pub enum PatternError {
    /// The automaton refuses it.
    #[error(transparent)]
    Automaton(#[from] Box<regex::Error>),
    /// The backtracker refuses it.
    #[error(transparent)]
    Backtracker(#[from] Box<fancy_regex::Error>),
    /// PCRE has it, this engine has not.
    #[error("{construct} at byte {place} is not supported")]
    Unsupported {
        /// What stands there.
        construct: String,
        /// Where, from zero.
        place: usize,
    },
}

#[derive(Clone, Debug)]
enum Compiled {
    Automaton(Regex),
    Backtracker(Box<fancy_regex::Regex>),
}

impl Pattern {
    /// Compiles a pattern of a rule.
    pub fn new(pattern: &str) -> Result<Self, PatternError> {
        Self::within(pattern, SIZE)
    }

    /// Compiles a pattern into an automaton of at most so many bytes.
    pub(super) fn within(pattern: &str, size: usize) -> Result<Self, PatternError> {
        let (text, engine) = syntax::translate(pattern)?;
        if engine == Engine::Backtracker {
            let compiled = BacktrackingBuilder::new(&format!("(?sm){text}"))
                .backtrack_limit(STEPS)
                .delegate_size_limit(size)
                .build()
                .map_err(Box::new)?;
            return Ok(Self { compiled: Compiled::Backtracker(Box::new(compiled)), literals: None });
        }
        let compiled = RegexBuilder::new(&text)
            .unicode(false)
            .dot_matches_new_line(true)
            .multi_line(true)
            .size_limit(size)
            .build()
            .map_err(Box::new)?;
        let hir = ParserBuilder::new()
            .unicode(false)
            .utf8(false)
            .dot_matches_new_line(true)
            .multi_line(true)
            .build()
            .parse(&text);
        Ok(Self { compiled: Compiled::Automaton(compiled), literals: hir.ok().map(|hir| Literals::of_pattern(&hir)) })
    }

    /// What runs it.
    pub const fn engine(&self) -> Engine {
        match self.compiled {
            Compiled::Automaton(_) => Engine::Automaton,
            Compiled::Backtracker(_) => Engine::Backtracker,
        }
    }

    /// What a value that matches must hold.
    pub fn literals(&self) -> Option<Literals> {
        self.literals.clone()
    }

    /// Whether the pattern is in the value.
    pub fn is_match(&self, value: &[u8]) -> bool {
        match &self.compiled {
            Compiled::Automaton(regex) => regex.is_match(value),
            Compiled::Backtracker(regex) => regex.is_match(&characters(value)).unwrap_or(false),
        }
    }

    /// Where the pattern is in the value, from a place on.
    pub(super) fn find_at(&self, value: &[u8], start: usize) -> Option<Range<usize>> {
        if start > value.len() {
            return None;
        }
        match &self.compiled {
            Compiled::Automaton(regex) => regex.find_at(value, start).map(|found| found.range()),
            Compiled::Backtracker(_) => self.groups_at(value, start)?.into_iter().next()?,
        }
    }

    /// The whole match and its groups, from a place on.
    pub(super) fn groups_at(&self, value: &[u8], start: usize) -> Option<Vec<Option<Range<usize>>>> {
        if start > value.len() {
            return None;
        }
        match &self.compiled {
            Compiled::Automaton(regex) => {
                let found = regex.captures_at(value, start)?;
                Some(found.iter().map(|group| group.map(|group| group.range())).collect())
            }
            Compiled::Backtracker(regex) => {
                let text = characters(value);
                let from = text.char_indices().nth(start).map_or(text.len(), |(place, _)| place);
                let found = regex.captures_from_pos(&text, from).ok()??;
                let byte = |place| text.get(..place).map_or(0, |before| before.chars().count());
                Some(found.iter().map(|group| group.map(|group| byte(group.start())..byte(group.end()))).collect())
            }
        }
    }

    /// Whether the pattern is in the value; sets the captures to the whole match and its groups.
    pub(super) fn capture(&self, value: &[u8], captures: &mut Captures) -> bool {
        let Some(groups) = self.groups_at(value, 0) else { return false };
        captures.clear();
        add(captures, groups);
        true
    }
}

/// Adds groups to the captures.
pub(super) fn add(captures: &mut Captures, groups: Vec<Option<Range<usize>>>) {
    for group in groups {
        captures.push(group.map_or(Capture::Absent, Capture::Span));
    }
}

/// Bytes as the characters of the same numbers: the backtracker reads text only.
fn characters(value: &[u8]) -> Cow<'_, str> {
    if value.is_ascii() {
        String::from_utf8_lossy(value)
    } else {
        Cow::Owned(value.iter().map(|&byte| char::from(byte)).collect())
    }
}

/// The largest automaton: the longest alternations of rules in use need a tenth of it.
const SIZE: usize = 10 << 20;
/// How often the backtracker may go back: about a tenth of a second.
const STEPS: usize = 100_000;

#[cfg(test)]
mod tests {
    use super::{Engine, Pattern};

    #[test]
    fn patterns_match_as_in_pcre() {
        for (pattern, value, is_match) in [
            (r"^a.c$", b"x\na\nc\ny" as &[u8], true), // lines, and a dot that matches their ends
            (r"\x{e9}", b"\xe9", true),
            (r"\x{e9}", "é".as_bytes(), false), // bytes, not characters
            ("é", "é".as_bytes(), true),
            ("[é]", b"\xc3", true),
            (r"\w", b"\xe9", false),
            (r"a{", b"a{", true),
            (r"{x}", b"{x}", true),
            (r"a{,2}", b"a{,2}", true),
            (r"a{2}", b"aa", true),
            (r"[]a]", b"]", true),
            (r"[^]a]", b"]", false),
            (r"[a[b]", b"[", true),
            (r"[a&&b]", b"&", true),
            (r"[+--]", b",", true),
            (r"[a\-z]", b"b", false),
            (r"[\w-]", b"-", true),
            (r"[[:alpha:]-]", b"q", true),
            (r"\<b\>", b"<b>", true),
            (r"\Qa.b\E.", b"a.bc", true),
            (r"\Qa.b\E.", b"axbc", false),
            (r"\h", b"\t", true),
            (r"[\v]", b"\r", true),
            (r"\060", b"0", true),
            (r"a(?#note)b", b"ab", true),
            (r"(?i)SELECT", b"select", true),
            (r"a/\*b", b"a/*b", true),
        ] {
            let compiled = Pattern::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
            assert_eq!(compiled.engine(), Engine::Automaton, "{pattern}");
            assert_eq!(compiled.is_match(value), is_match, "{pattern} {value:?}");
        }
    }

    #[test]
    fn what_is_not_regular_runs_on_the_backtracker() {
        for (pattern, value, is_match) in [
            (r"<\?(?!xml)", b"<?xml" as &[u8], false),
            (r"<\?(?!xml)", b"<?php", true),
            (r"(a|b)\1", b"bb", true),
            (r"(a|b)\1", b"ab", false),
            (r"(?>a+)b", b"aab", true),
            (r"a++a", b"aaa", false),
            (r"(?<!\w)é", "aé".as_bytes(), false),
            (r"(?=x)\b", b"x", true),
        ] {
            let compiled = Pattern::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}"));
            assert_eq!(compiled.engine(), Engine::Backtracker, "{pattern}");
            assert_eq!(compiled.is_match(value), is_match, "{pattern} {value:?}");
        }
        assert!(Pattern::new("(*COMMIT)a").is_err());
        assert!(Pattern::new("(?|a|b)").is_err());
        assert!(Pattern::new("(a").is_err());
        assert!(Pattern::new(r"\x{100}").is_err());
    }

    #[test]
    fn the_backtracker_gives_up() {
        let pattern = Pattern::new(r"(?=(a+)+$)b").unwrap_or_else(|error| panic!("{error}"));
        assert!(!pattern.is_match(&[b'a'; 40]));
    }
}
