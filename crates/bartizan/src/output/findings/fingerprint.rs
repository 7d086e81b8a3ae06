//! What makes a finding the same one tomorrow: rule and place, without line numbers.
//!
//! In a file, the place is the text of the line; at an address, the address. What was seen there is left out, since
//! it changes by itself: a nonce, an age, a version. Where a place has the same fault twice, they are counted.

use std::collections::HashMap;
use std::fmt::{self, Write as _};

use bartizan_rules::Provenance;
use foldhash::fast::RandomState;
use sha2::{Digest as _, Sha256};

use super::region::line_around;
use super::report::{Report, Reported, Sources};

/// What stays the same of a finding while lines move.
///
/// Enough that two findings of one report are never taken for each other, short enough to be read aloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Fingerprint([u8; 10]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_digits(|digits| f.write_str(digits))
    }
}

impl Fingerprint {
    /// Hands on the digits in which it is written.
    pub(super) fn with_digits<T>(self, read: impl FnOnce(&str) -> T) -> T {
        let mut digits = [0; 20];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(self.0) {
            for (digit, half) in pair.iter_mut().zip([byte >> 4, byte & 0xf]) {
                *digit = if half < 10 { b'0' + half } else { b'a' + half - 10 };
            }
        }
        read(str::from_utf8(&digits).unwrap_or_default())
    }
}

/// How often each fault was seen at each place; the fingerprint of the first stands for all of them.
#[derive(Debug, Default)]
pub(super) struct Counted {
    first: HashMap<Fingerprint, usize, RandomState>,
}

impl Counted {
    /// Forgets everything; the room stays.
    pub(super) fn clear(&mut self) {
        self.first.clear();
    }

    /// Whether both saw a fault at the same place.
    pub(super) fn meets(&self, other: &Self) -> bool {
        other.first.keys().any(|fingerprint| self.first.contains_key(fingerprint))
    }

    /// Adds what another saw.
    pub(super) fn add(&mut self, other: &mut Self) {
        for (fingerprint, count) in other.first.drain() {
            *self.first.entry(fingerprint).or_default() += count;
        }
    }
}

/// Gives each finding its fingerprint, behind those that were counted before.
pub(super) fn settle(report: &mut Report, counted: &mut Counted) {
    let mut key = String::new();
    for reported in &mut report.found {
        key.clear();
        write_key(&mut key, reported, &report.sources);
        let length = key.len();
        let mut digest = |count: usize| {
            key.truncate(length);
            // Most are the only one.
            if count == 0 {
                key.push_str("\n0");
            } else {
                let _ = write!(key, "\n{count}");
            }
            Fingerprint(Sha256::digest(&key).first_chunk().copied().unwrap_or_default())
        };
        let first = digest(0);
        let count = counted.first.entry(first).or_default();
        reported.fingerprint = if *count == 0 { first } else { digest(*count) };
        *count += 1;
    }
}

fn write_key(key: &mut String, reported: &Reported, sources: &Sources) {
    key.push_str(reported.finding.rule.id());
    key.push('\n');
    match &reported.finding.at {
        Provenance::File(place) => {
            let text = sources.get(&place.path).map_or("", |text| line_around(text, &place.span));
            key.push_str(&place.path);
            key.push('\n');
            let mut add = |word: &str| {
                key.push_str(word);
                key.push(' ');
            };
            // Both find the same words in such a text, one of them sooner.
            if text.is_ascii() && !text.contains('\u{b}') {
                text.split_ascii_whitespace().for_each(&mut add);
            } else {
                text.split_whitespace().for_each(&mut add);
            }
        }
        // A query is what a visitor asked, not where the site is.
        Provenance::Live { url } => key.push_str(&url[..url::Position::AfterPath]),
        other => key.push_str(&other.to_string()),
    }
}
