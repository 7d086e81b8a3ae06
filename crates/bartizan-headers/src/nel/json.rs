//! The little JSON (RFC 8259) that a NEL field needs: one object of plain members.
//!
//! Nested values are passed over. This crate has no JSON library among its dependencies, and one
//! header is no reason for it.

use std::fmt::{self, Write as _};

/// A member's value.
#[derive(Debug, PartialEq)]
pub(super) enum Json {
    Number(f64),
    Text(String),
    Truth(bool),
    /// An array, an object or `null`.
    Other,
}

/// Returns the members of the object that is the whole text.
pub(super) fn object(text: &str) -> Option<Vec<(String, Json)>> {
    let mut reader = Reader { rest: text };
    let members = reader.members(DEEPEST)?;
    reader.skip_space();
    reader.rest.is_empty().then_some(members)
}

/// Writes a string with its quotes.
pub(super) fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(f, "\\{c}")?,
            '\u{20}'..='\u{7e}' => f.write_char(c)?,
            // A header field is ASCII without controls.
            other => other.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(f, "\\u{unit:04x}"))?,
        }
    }
    f.write_char('"')
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn members(&mut self, depth: u8) -> Option<Vec<(String, Json)>> {
        let mut members = Vec::new();
        self.expect("{")?;
        if self.expect("}").is_some() {
            return Some(members);
        }
        loop {
            self.expect("\"")?;
            let name = self.text()?;
            self.expect(":")?;
            members.push((name, self.value(depth)?));
            if self.expect(",").is_none() {
                self.expect("}")?;
                return Some(members);
            }
        }
    }

    fn value(&mut self, depth: u8) -> Option<Json> {
        let depth = depth.checked_sub(1)?;
        self.skip_space();
        match self.rest.chars().next()? {
            '{' => self.members(depth).map(|_| Json::Other),
            '[' => self.array(depth),
            '"' => {
                self.expect("\"")?;
                self.text().map(Json::Text)
            }
            '-' | '0'..='9' => self.number(),
            _ => {
                let words = [("true", Json::Truth(true)), ("false", Json::Truth(false)), ("null", Json::Other)];
                words.into_iter().find_map(|(word, value)| self.expect(word).map(|()| value))
            }
        }
    }

    fn array(&mut self, depth: u8) -> Option<Json> {
        self.expect("[")?;
        if self.expect("]").is_some() {
            return Some(Json::Other);
        }
        loop {
            self.value(depth)?;
            if self.expect(",").is_none() {
                self.expect("]")?;
                return Some(Json::Other);
            }
        }
    }

    fn number(&mut self) -> Option<Json> {
        let is_part = |c: char| matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E');
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        digits.parse().ok().filter(|number: &f64| number.is_finite()).map(Json::Number)
    }

    /// Reads the rest of a string whose opening quote is gone.
    fn text(&mut self) -> Option<String> {
        let mut units = Vec::new();
        let mut chars = self.rest.chars();
        loop {
            match chars.next()? {
                '"' => break,
                '\\' => units.push(match chars.next()? {
                    'b' => 8,
                    'f' => 12,
                    'n' => 10,
                    'r' => 13,
                    't' => 9,
                    'u' => (0..4).try_fold(0_u16, |unit, _| {
                        let digit = u16::try_from(chars.next()?.to_digit(16)?).ok()?;
                        Some(unit << 4 | digit)
                    })?,
                    c @ ('"' | '\\' | '/') => c as u16,
                    _ => return None,
                }),
                c if c.is_control() => return None,
                c => units.extend_from_slice(c.encode_utf16(&mut [0; 2])),
            }
        }
        self.rest = chars.as_str();
        String::from_utf16(&units).ok()
    }

    fn expect(&mut self, text: &str) -> Option<()> {
        self.skip_space();
        self.rest = self.rest.strip_prefix(text)?;
        Some(())
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }
}

/// Far more than any policy nests, and far less than a stack holds.
const DEEPEST: u8 = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_told_from_other_texts() {
        for (text, is_object) in [
            ("{}", true),
            (r#"{"a":1,"b":[1,{"c":null}],"d":{}}"#, true),
            (r#"{"a":"\u00e9\ud83d\ude00"}"#, true),
            (r#"{"a":"\ud83d"}"#, false), // half a character
            (r#"{"a":1,}"#, false),
            (r#"{"a" 1}"#, false),
            (r#"{"a":1-2}"#, false),
            (r#"{a:1}"#, false),
            ("{", false),
            ("", false),
        ] {
            assert_eq!(object(text).is_some(), is_object, "{text}");
        }
        let nested = |depth| format!(r#"{{"a":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert!(object(&nested(10)).is_some());
        assert!(object(&nested(100_000)).is_none());
    }
}
