//! Foreign text made harmless: markup is written as text, and what steers a reader's eye is written out.

use std::fmt::Write as _;

/// Appends text; control characters and marks of direction appear as `\x1b` or `\u{202e}`.
pub(super) fn line(text: &str, out: &mut String) {
    escape(text, out, |_| false);
}

/// As [`line`], but line ends and tabs stay.
pub(super) fn lines(text: &str, out: &mut String) {
    escape(text, out, |character| matches!(character, '\n' | '\t'));
}

fn escape(text: &str, out: &mut String, stays: impl Fn(char) -> bool) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            hidden if is_hidden(hidden) && !stays(hidden) => {
                // Writing to a String cannot fail.
                let _ = if hidden.is_ascii() {
                    write!(out, "\\x{:02x}", u32::from(hidden))
                } else {
                    write!(out, "\\u{{{:x}}}", u32::from(hidden))
                };
            }
            plain => out.push(plain),
        }
    }
}

/// Whether a character shows nothing by itself and changes how others look: controls, marks of direction (UAX 9),
/// characters without width, tags.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}
