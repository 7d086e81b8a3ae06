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

/// Returns the lines that a span touches, and some around it; of very long ones what is near.
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

/// Returns the line in which a span begins; of a very long one what is near.
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
    let near = text.floor_char_boundary(at.saturating_sub(FAR));
    text.get(near..at).and_then(|before| before.rfind('\n')).map_or(near, |found| near + found + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    let near = text.floor_char_boundary(at.saturating_add(FAR));
    text.get(at..near).and_then(|after| after.find('\n')).map_or(near, |found| at + found)
}

/// A line of people is shorter. Of a longer one, such as all of a packed file, what stands within so many bytes is
/// shown: it may have thousands of findings, each with its line.
const FAR: usize = 1_000;

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
    fn of_long_lines_what_is_near_is_shown() {
        let text = format!("{}x{}\nnext", "ü".repeat(FAR), "ü".repeat(FAR));
        let at = FAR * 2;
        let line = line_around(&text, &(at..at + 1));
        assert_eq!((line.len(), line.find('x')), (FAR * 2 - 1, Some(FAR)));
        assert_eq!(window(&text, &(at..at + 1), 0).text.len(), FAR * 2 + 1);
        let after = at + 1 + FAR * 2 + 1;
        assert_eq!(line_around(&text, &(after..after + 2)), "next");
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
