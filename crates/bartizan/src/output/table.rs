//! A table with lines around it that fits a width; long cells go on in the next line.

use std::fmt::Write as _;

use anstyle::Style;

/// One cell.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) style: Style,
}

impl Cell {
    pub(crate) fn new(text: impl Into<String>, style: Style) -> Self {
        Self { text: text.into(), style }
    }
}

/// Three columns with headings.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) headings: [&'static str; 3],
    pub(crate) rows: Vec<[Cell; 3]>,
}

impl Table {
    /// Writes the table, no wider than `width`.
    pub(crate) fn render(&self, width: usize, heading: Style) -> String {
        let widths = self.widths(width);
        let mut text = String::new();
        line(&mut text, &widths, ["┌", "┬", "┐"]);
        let headings = self.headings.map(|name| Cell::new(name, heading));
        row(&mut text, &widths, &headings);
        line(&mut text, &widths, ["├", "┼", "┤"]);
        for cells in &self.rows {
            row(&mut text, &widths, cells);
        }
        line(&mut text, &widths, ["└", "┴", "┘"]);
        text
    }

    /// The first column gets what it needs, the others share the rest by what they need.
    fn widths(&self, width: usize) -> [usize; 3] {
        let longest = |column: fn(&[Cell; 3]) -> &Cell, heading: &str| {
            let cells = self.rows.iter().map(|row| column(row).text.chars().count());
            cells.chain([heading.chars().count()]).max().unwrap_or_default()
        };
        let [first, second, third] = self.headings;
        let needs = [longest(|row| &row[0], first), longest(|row| &row[1], second), longest(|row| &row[2], third)];
        let room = width.saturating_sub(10);
        let first = needs[0].min(room / 3);
        let left = room - first;
        if needs[1] + needs[2] <= left {
            return [first, needs[1], needs[2]];
        }
        let second = needs[1].min(left / 2).max(left.saturating_sub(needs[2]));
        [first, second, left - second]
    }
}

fn line(text: &mut String, widths: &[usize; 3], [left, middle, right]: [&str; 3]) {
    let parts = widths.map(|width| "─".repeat(width + 2));
    let _ = writeln!(text, "{left}{}{right}", parts.join(middle));
}

fn row(text: &mut String, widths: &[usize; 3], cells: &[Cell; 3]) {
    let columns: Vec<Vec<String>> = cells.iter().zip(widths).map(|(cell, width)| wrap(&cell.text, *width)).collect();
    let height = columns.iter().map(Vec::len).max().unwrap_or(1).max(1);
    for number in 0..height {
        for ((column, width), cell) in columns.iter().zip(widths).zip(cells) {
            let part = column.get(number).map_or("", String::as_str);
            let blanks = " ".repeat(width.saturating_sub(part.chars().count()));
            let style = cell.style;
            let _ = write!(text, "│ {style}{part}{style:#}{blanks} ");
        }
        text.push_str("│\n");
    }
}

/// Breaks text into lines no longer than `width`, between words where there are any.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word = word;
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
        } else if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        while let Some((cut, _)) = word.char_indices().nth(width) {
            let (head, rest) = word.split_at(cut);
            lines.push(head.to_owned());
            word = rest;
        }
        line.push_str(word);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_between_words_and_long_words_anywhere() {
        for (text, width, lines) in [
            ("one two three", 7, &["one two", "three"][..]),
            ("one", 10, &["one"]),
            ("", 10, &[""]),
            ("abcdefgh ij", 3, &["abc", "def", "gh", "ij"]),
        ] {
            assert_eq!(wrap(text, width), lines, "{text}");
        }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let cell = |text: &str| Cell::new(text, Style::new());
        let table = Table {
            headings: ["what", "before", "after"],
            rows: vec![[cell("a header with a long name"), cell(&"word ".repeat(40)), cell(&"x".repeat(300))]],
        };
        for width in [60, 80, 160] {
            let text = table.render(width, Style::new());
            assert!(text.lines().all(|line| line.chars().count() <= width), "{text}");
        }
    }
}
