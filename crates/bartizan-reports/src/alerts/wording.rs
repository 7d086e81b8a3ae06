//! Alerts as text, harmless wherever it is shown: foreign characters are marked, addresses are no links.

use std::fmt::Write as _;

use super::Alert;

/// Returns a text in one line, without what steers a terminal, turns text around or hides in it, and not long.
pub fn plain(text: &str) -> String {
    let mut out = String::new();
    for (at, character) in text.chars().enumerate() {
        if at == LONGEST {
            out.push('…');
            break;
        }
        if character.is_control() || is_hidden(character) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

/// Returns a text in which no program finds an address to make a link of, or a name to call.
pub fn defanged(text: &str) -> String {
    text.replace("://", "[:]//").replace('@', "[at]")
}

/// Returns the subject of a message with these alerts.
pub(super) fn subject(alerts: &[Alert]) -> String {
    match alerts {
        [one] if one.site.is_empty() => format!("[bartizan] {}", one.title),
        [one] => format!("[bartizan] {}: {}", one.site, one.title),
        many => format!("[bartizan] {} alerts", many.len()),
    }
}

/// Returns alerts for people, each with its facts, one below the other.
pub(super) fn text(alerts: &[Alert]) -> String {
    let mut out = String::new();
    for alert in alerts.iter().take(MOST_IN_TEXT) {
        let colon = if alert.site.is_empty() { "" } else { ": " };
        let _ = writeln!(out, "{}{colon}{}", defanged(&alert.site), defanged(&alert.title));
        for (name, value) in &alert.facts {
            let _ = writeln!(out, "  {name}: {}", defanged(value));
        }
        let _ = writeln!(out, "  found: {}", time(alert.at));
    }
    if alerts.len() > MOST_IN_TEXT {
        let _ = writeln!(out, "and {} more", alerts.len() - MOST_IN_TEXT);
    }
    out
}

/// Writes milliseconds since 1970 as a time.
pub(super) fn time(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis).map_or_else(|_| millis.to_string(), |time| format!("{time:.0}"))
}

/// Characters that show nothing, or turn the direction of what follows (Unicode, UAX #9 and Default_Ignorable).
fn is_hidden(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// An address of a script fits, and no message becomes a letter.
const LONGEST: usize = 300;

const MOST_IN_TEXT: usize = 50;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_steers_what_shows_it() {
        for (text, expected) in [
            ("https://a.example/ü", "https://a.example/ü"),
            ("a\u{1b}[31mb", "a\\u{1b}[31mb"),
            ("a\r\nBcc: b", "a\\u{d}\\u{a}Bcc: b"),
            ("a\u{202e}b\u{200b}", "a\\u{202e}b\\u{200b}"),
            ("a\u{9b}b\u{0}", "a\\u{9b}b\\u{0}"),
        ] {
            assert_eq!(plain(text), expected);
        }
        assert_eq!(plain(&"x".repeat(1000)).chars().count(), LONGEST + 1);
    }

    #[test]
    fn no_address_becomes_a_link_and_nobody_is_called() {
        let facts = [("origin", "https://evil.example".to_owned()), ("page", "@room".to_owned())];
        let alert = Alert::new("x", "a.example", "new <!channel>", &facts, 0);
        let text = text(std::slice::from_ref(&alert));
        assert!(!text.contains("://") && !text.contains('@'), "{text}");
        assert_eq!(subject(std::slice::from_ref(&alert)), "[bartizan] a.example: new <!channel>");
        assert_eq!(subject(&[alert.clone(), alert]), "[bartizan] 2 alerts");
    }
}
