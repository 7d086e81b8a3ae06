//! Lines of a unit file as systemd 252 joins them, and where each byte of them stands.

use std::ops::Range;

/// A line with its continuations, in which each backslash that continues it is a space.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// What it says.
    pub(super) text: String,
    /// Where its parts stand: the offset within it, and the one in the file.
    parts: Vec<(usize, usize)>,
}

impl Line {
    /// Returns where a range of it stands in the file.
    pub(super) fn span(&self, range: Range<usize>) -> Range<usize> {
        let last = range.end.saturating_sub(1).max(range.start);
        self.place(range.start)..self.place(last) + usize::from(range.end > range.start)
    }

    fn place(&self, offset: usize) -> usize {
        let after = self.parts.partition_point(|(start, _)| *start <= offset);
        self.parts.get(after.saturating_sub(1)).map_or(0, |(start, place)| place + (offset - start))
    }

    fn push(&mut self, text: &str, place: usize) {
        self.parts.push((self.text.len(), place));
        self.text.push_str(text);
    }
}

/// The lines of a text, without comments.
#[derive(Debug)]
pub(super) struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lines<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// The next line of the file, and where it begins. A NUL ends a line, as do `\n`, `\r` and both together.
    fn next_raw(&mut self) -> Option<(usize, &'t str)> {
        let start = self.at;
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let length = rest.find(['\n', '\r', '\0']).unwrap_or(rest.len());
        let mut end = rest.get(length..).unwrap_or_default().bytes();
        let width = match (end.next(), end.next()) {
            (Some(b'\n'), Some(b'\r')) | (Some(b'\r'), Some(b'\n')) => 2,
            (Some(_), _) => 1,
            (None, _) => 0,
        };
        self.at = start + length + width;
        Some((start, rest.get(..length).unwrap_or_default()))
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let mut line = Line::default();
        loop {
            let Some((place, raw)) = self.next_raw() else {
                return (!line.parts.is_empty()).then_some(line);
            };
            // A comment within a continuation is left out, and the line goes on behind it.
            if raw.trim_start_matches([' ', '\t']).starts_with(['#', ';']) {
                continue;
            }
            let slashes = raw.len() - raw.trim_end_matches('\\').len();
            if slashes % 2 == 0 {
                line.push(raw, place);
                return Some(line);
            }
            line.push(raw.strip_suffix('\\').unwrap_or(raw), place);
            line.text.push(' ');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_joined_as_systemd_joins_them() {
        for (text, lines) in [
            ("a=1\nb=2", &["a=1", "b=2"][..]),
            ("a=1\r\nb=2\r\n", &["a=1", "b=2"]),
            ("a=1 \\\n2\n", &["a=1  2"]),
            ("a=1\\\r\n2", &["a=1 2"]),
            ("a=1\\\n# no\n ; no\n2\nb", &["a=1 2", "b"]),
            ("a=1\\\\\nb", &["a=1\\\\", "b"]),
            ("a=1\\", &["a=1 "]),
            ("a=1\\\n\nb", &["a=1 ", "b"]),
            ("# only\n", &[]),
            ("", &[]),
        ] {
            let found: Vec<_> = Lines::new(text).map(|line| line.text).collect();
            assert_eq!(found, lines, "{text:?}");
        }
    }

    #[test]
    fn places_survive_joining() {
        let text = "a=\\\n# no\nbc d";
        let line = Lines::new(text).next().unwrap();
        let start = line.text.find("bc").unwrap();
        assert_eq!(text.get(line.span(start..start + 2)), Some("bc"));
        assert_eq!(line.span(start..start).len(), 0);
    }
}
