//! Where a span of bytes begins and ends, in lines and characters; and the lines around it.

use std::ops::Range;

/// A span in lines and characters, both from 1; the end is the first character behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) end_line: usize,
    pub(super) end_column: usize,
}

impl Region {
    /// Returns the region of a span that begins at a place.
    pub(super) fn of(text: &str, span: &Range<usize>, line: usize, column: usize) -> Self {
        let span = within(text, span);
        let inside = text.get(span).unwrap_or_default();
        let breaks = inside.matches('\n').count();
        let last = inside.rsplit('\n').next().unwrap_or_default().chars().count();
        let end_column = if breaks == 0 { column + last } else { last + 1 };
        Self { line, column, end_line: line + breaks, end_column }
    }
}

/// A part of a text that consists of whole lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) text: &'a str,
    /// Where it begins in the whole text.
    pub(super) start: usize,
}

/// Returns the lines that a span touches, and some around it.
pub(super) fn window<'a>(text: &'a str, span: &Range<usize>, around: usize) -> Window<'a> {
    let span = within(text, span);
    let mut start = line_start(text, span.start);
    for _ in 0..around {
        start = line_start(text, start.saturating_sub(1));
    }
    let mut end = line_end(text, span.end);
    for _ in 0..around {
        end = line_end(text, (end + 1).min(text.len()));
    }
    Window { text: text.get(start..end).unwrap_or_default(), start }
}

/// Returns the line in which a span begins.
pub(super) fn line_around<'a>(text: &'a str, span: &Range<usize>) -> &'a str {
    let at = within(text, span).start;
    text.get(line_start(text, at)..line_end(text, at)).unwrap_or_default()
}

/// Returns the span cut to the text and to whole characters.
pub(super) fn within(text: &str, span: &Range<usize>) -> Range<usize> {
    let end = text.floor_char_boundary(span.end);
    text.floor_char_boundary(span.start).min(end)..end
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |found| found + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|after| after.find('\n')).map_or(text.len(), |found| at + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_hold_whole_lines() {
        let text = "one\ntwö\nthree\nfour";
        for (span, around, start, shown) in [
            (4..5, 0, 4, "twö"),
            (4..5, 1, 0, "one\ntwö\nthree"),
            (7..12, 0, 4, "twö\nthree"), // begins within a character
            (99..120, 1, 9, "three\nfour"),
            (3..3, 0, 0, "one"),
        ] {
            let window = window(text, &span, around);
            assert_eq!((window.start, window.text), (start, shown), "{span:?}");
        }
    }

    #[test]
    fn regions_end_behind_their_last_character() {
        let text = "one\ntwö three\nfour";
        for (span, line, column, end) in [(4..8, 2, 1, (2, 4)), (9..19, 2, 5, (3, 5)), (0..0, 1, 1, (1, 1))] {
            let region = Region::of(text, &span, line, column);
            assert_eq!((region.end_line, region.end_column), end, "{span:?}");
        }
    }
}
