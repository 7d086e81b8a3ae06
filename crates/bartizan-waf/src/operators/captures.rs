//! What a match leaves in `TX.0` to `TX.9`.

use std::ops::Range;

/// The parts of a match.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Captures {
    groups: Vec<Capture>,
}

/// One part of a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Capture {
    /// The group took no part in the match.
    Absent,
    /// A part of the value.
    Span(Range<usize>),
    /// Text of the operator's own, such as a fingerprint.
    Text(Vec<u8>),
}

impl Captures {
    /// How many parts there are.
    pub const fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether nothing was captured.
    pub const fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Returns a part of a match in this value. A group that took no part is empty.
    pub fn bytes<'a>(&'a self, index: usize, value: &'a [u8]) -> Option<&'a [u8]> {
        Some(match self.groups.get(index)? {
            Capture::Absent => &[],
            Capture::Span(span) => value.get(span.clone()).unwrap_or_default(),
            Capture::Text(text) => text,
        })
    }

    /// Forgets what was captured.
    pub fn clear(&mut self) {
        self.groups.clear();
    }

    /// Adds a part, of which there are at most as many as rules can name.
    pub(super) fn push(&mut self, capture: Capture) {
        if self.groups.len() < MOST {
            self.groups.push(capture);
        }
    }

    /// Replaces everything by one part.
    pub(super) fn set(captures: Option<&mut Self>, capture: impl FnOnce() -> Capture) {
        if let Some(captures) = captures {
            captures.clear();
            captures.push(capture());
        }
    }
}

/// `TX.0` to `TX.9`.
const MOST: usize = 10;
