//! Foreign text made harmless for a terminal: what would steer it is shown, and never sent.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Returns the text with control characters and marks of direction written out, as `\x1b` or `\u{202e}`.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    written(text, |_| false)
}

/// The same for text of several lines: line ends and tabs stay.
pub(crate) fn visible_lines(text: &str) -> Cow<'_, str> {
    written(text, |character| matches!(character, '\n' | '\t'))
}

fn written(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    let is_hidden = |character: char| steers(character) && !stays(character);
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        let _ = match character {
            hidden if is_hidden(hidden) && hidden.is_ascii() => write!(out, "\\x{:02x}", u32::from(hidden)),
            hidden if is_hidden(hidden) => write!(out, "\\u{{{:x}}}", u32::from(hidden)),
            plain => out.write_char(plain),
        };
    }
    Cow::Owned(out)
}

/// Whether a character moves the cursor, changes colours, or turns the direction of what follows.
fn steers(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_steers_a_terminal_is_written_out() {
        for (text, line, lines) in [
            ("plain ü", "plain ü", "plain ü"),
            ("\u{1b}[31mred", "\\x1b[31mred", "\\x1b[31mred"),
            ("a\nb\tc", "a\\x0ab\\x09c", "a\nb\tc"),
            ("a\u{202e}b\u{9b}c", "a\\u{202e}b\\u{9b}c", "a\\u{202e}b\\u{9b}c"),
        ] {
            assert_eq!(visible(text), line);
            assert_eq!(visible_lines(text), lines);
        }
    }
}
