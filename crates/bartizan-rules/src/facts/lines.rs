//! Where the lines of a text begin: in a long text many places are asked for, and none should be counted from its start.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::provenance::Place;

/// The lines of a text; found when they are asked for first.
#[derive(Debug, Clone, Default)]
pub struct Lines {
    index: OnceLock<Index>,
}

#[derive(Debug, Clone)]
struct Index {
    /// The byte with which each line begins.
    starts: Vec<usize>,
    /// How many characters stand before each step; nothing, where every byte is a character.
    characters: Vec<usize>,
}

/// They follow from the text and add nothing to it.
impl PartialEq for Lines {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Lines {}

impl Lines {
    /// Returns the place of some bytes of the text, which is always the same one, as [`Place::of`] does.
    pub fn place(&self, path: &Arc<str>, text: &str, span: Range<usize>) -> Place {
        let index = self.index.get_or_init(|| Index::of(text));
        let end = text.floor_char_boundary(span.end);
        let start = text.floor_char_boundary(span.start).min(end);
        let line = index.starts.partition_point(|begin| *begin <= start).max(1);
        let begin = index.starts.get(line - 1).copied().unwrap_or_default();
        let column = index.characters_before(text, start).saturating_sub(index.characters_before(text, begin)) + 1;
        Place { path: Arc::clone(path), line, column, span: start..end }
    }
}

impl Index {
    fn of(text: &str) -> Self {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        let starts = [0].into_iter().chain(breaks).collect();
        let mut characters = Vec::new();
        if !text.is_ascii() {
            let mut count = 0;
            for step in text.as_bytes().chunks(STEP) {
                characters.push(count);
                count += characters_in(step);
            }
            characters.push(count);
        }
        Self { starts, characters }
    }

    fn characters_before(&self, text: &str, at: usize) -> usize {
        let Some(before) = self.characters.get(at / STEP) else { return at };
        before + text.as_bytes().get(at / STEP * STEP..at).map_or(0, characters_in)
    }
}

/// A character has one byte that goes on no other.
fn characters_in(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| (**byte & 0xc0) != 0x80).count()
}

/// So many bytes are counted at once.
const STEP: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_that_are_counted_from_the_start() {
        let path = Arc::from("a.conf");
        for text in ["", "\n", "one\ntwo\r\nthree", "zwölf\n\nüü", &"ab\n".repeat(400), &"aü".repeat(400)] {
            let lines = Lines::default();
            for start in 0..text.len() + 3 {
                let span = start..start + 2;
                assert_eq!(lines.place(&path, text, span.clone()), Place::of(&path, text, span), "{text:?} {start}");
            }
        }
    }
}
