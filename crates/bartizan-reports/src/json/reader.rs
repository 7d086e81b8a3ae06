//! Reads one JSON text (RFC 8259), forgiving only what loses nothing.
//!
//! Forgiven: a byte order mark, half of a surrogate pair, names said twice. Recursion ends at a depth.

use std::borrow::Cow;

use super::{Number, Object, Value};

/// What a text may ask for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Levels of lists and objects within each other.
    pub depth: usize,
    /// Values within the text, which bounds the memory that a short text can ask for.
    pub values: usize,
}

impl Default for Limits {
    fn default() -> Self {
        // The deepest report that a browser writes has six levels; a value takes 40 bytes here and two in the text.
        Self { depth: 64, values: 250_000 }
    }
}

/// Why a text is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Lists and objects within each other.
    #[error("nested too deeply at byte {at}")]
    Depth {
        /// Where.
        at: usize,
    },
    /// Not UTF-8 (RFC 8259, 8.1).
    #[error("not UTF-8 at byte {at}")]
    Encoding {
        /// Where.
        at: usize,
    },
    /// Not JSON.
    #[error("not JSON at byte {at}")]
    Syntax {
        /// Where.
        at: usize,
    },
    /// More values than anyone reports.
    #[error("too many values at byte {at}")]
    Values {
        /// Where.
        at: usize,
    },
}

/// Reads a text that is one value.
///
/// # Errors
///
/// The first [`Fault`].
pub fn read(bytes: &[u8], limits: Limits) -> Result<Value<'_>, Fault> {
    let text = text_of(bytes)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, depth: limits.depth, values: limits.values };
    let value = reader.value()?;
    reader.skip_blanks();
    if reader.at == reader.bytes.len() { Ok(value) } else { Err(reader.syntax()) }
}

/// Returns bytes as the text that they are.
pub(super) fn text_of(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|error| Fault::Encoding { at: error.valid_up_to() })
}

pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    /// What is left of each.
    pub(super) depth: usize,
    pub(super) values: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn value(&mut self) -> Result<Value<'a>, Fault> {
        self.skip_blanks();
        self.values = self.values.checked_sub(1).ok_or(Fault::Values { at: self.at })?;
        match self.peek() {
            Some(b'"') => Ok(Value::String(self.string()?)),
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => Err(self.syntax()),
        }
    }

    fn nested(&mut self, read: impl FnOnce(&mut Self) -> Result<Value<'a>, Fault>) -> Result<Value<'a>, Fault> {
        self.depth = self.depth.checked_sub(1).ok_or(Fault::Depth { at: self.at })?;
        self.at += 1;
        let value = read(self);
        self.depth += 1;
        value
    }

    fn object(&mut self) -> Result<Value<'a>, Fault> {
        let mut object = Object::with_capacity(USUAL_MEMBERS);
        if self.is_next(b'}') {
            return Ok(Value::Object(Object::default()));
        }
        loop {
            self.skip_blanks();
            if self.peek() != Some(b'"') {
                return Err(self.syntax());
            }
            let name = self.string()?;
            if !self.is_next(b':') {
                return Err(self.syntax());
            }
            object.push(name, self.value()?);
            if self.is_next(b'}') {
                return Ok(Value::Object(object));
            }
            if !self.is_next(b',') {
                return Err(self.syntax());
            }
        }
    }

    fn array(&mut self) -> Result<Value<'a>, Fault> {
        let mut items = Vec::new();
        if self.is_next(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value()?);
            if self.is_next(b']') {
                return Ok(Value::Array(items));
            }
            if !self.is_next(b',') {
                return Err(self.syntax());
            }
        }
    }

    /// Reads a string from its opening quote on.
    fn string(&mut self) -> Result<Cow<'a, str>, Fault> {
        self.at += 1;
        let start = self.at;
        self.at += plain(self.rest());
        if self.peek() == Some(b'"') {
            let text = self.text.get(start..self.at).ok_or(self.syntax())?;
            self.at += 1;
            return Ok(Cow::Borrowed(text));
        }
        self.escaped(start).map(Cow::Owned)
    }

    /// Reads the rest of a string that has escapes, from the first of them on.
    fn escaped(&mut self, mut start: usize) -> Result<String, Fault> {
        let mut text = String::new();
        loop {
            text.push_str(self.text.get(start..self.at).ok_or(self.syntax())?);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    self.at += 1;
                    text.push(self.escape()?);
                }
                // A control character (RFC 8259, 7), or the end.
                _ => return Err(self.syntax()),
            }
            start = self.at;
            self.at += plain(self.rest());
        }
    }

    /// Reads what follows a backslash.
    fn escape(&mut self) -> Result<char, Fault> {
        let letter = self.peek().ok_or(self.syntax())?;
        self.at += 1;
        Ok(match letter {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.code_unit()?;
                return self.character(unit);
            }
            _ => {
                self.at -= 1;
                return Err(self.syntax());
            }
        })
    }

    /// Joins a surrogate pair; half of one stands for a character that cannot be known.
    fn character(&mut self, unit: u32) -> Result<char, Fault> {
        if (0xd800..0xdc00).contains(&unit) && self.rest().starts_with(b"\\u") {
            let before = self.at;
            self.at += 2;
            let low = self.code_unit()?;
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            // Two halves that do not fit: the second is read again, on its own.
            self.at = before;
        }
        Ok(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn code_unit(&mut self) -> Result<u32, Fault> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(self.syntax())?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(self.syntax());
        }
        let unit = u32::from_str_radix(digits, 16).map_err(|_| self.syntax())?;
        self.at += 4;
        Ok(unit)
    }

    /// Reads a number in its one notation (RFC 8259, 6); its size does not matter here.
    fn number(&mut self) -> Result<Value<'a>, Fault> {
        let start = self.at;
        self.skip(b'-');
        if !self.skip(b'0') && self.digits() == 0 {
            return Err(self.syntax());
        }
        if self.skip(b'.') && self.digits() == 0 {
            return Err(self.syntax());
        }
        if self.skip(b'e') || self.skip(b'E') {
            let _ = self.skip(b'+') || self.skip(b'-');
            if self.digits() == 0 {
                return Err(self.syntax());
            }
        }
        let text = self.text.get(start..self.at).ok_or(self.syntax())?;
        Ok(Value::Number(Number::new(text)))
    }

    fn digits(&mut self) -> usize {
        let count = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }

    fn word(&mut self, word: &str, value: Value<'a>) -> Result<Value<'a>, Fault> {
        if !self.rest().starts_with(word.as_bytes()) {
            return Err(self.syntax());
        }
        self.at += word.len();
        Ok(value)
    }

    /// Passes over blanks and, if it comes next, this byte.
    fn is_next(&mut self, byte: u8) -> bool {
        self.skip_blanks();
        self.skip(byte)
    }

    fn skip(&mut self, byte: u8) -> bool {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there
    }

    fn skip_blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn syntax(&self) -> Fault {
        Fault::Syntax { at: self.at }
    }
}

/// Returns how many bytes come before the first that ends a run of plain text: `"`, `\` or a control
/// character. Eight at a time: most of a report is text.
fn plain(bytes: &[u8]) -> usize {
    let (words, _) = bytes.as_chunks::<8>();
    let mut count = 0;
    for word in words {
        let special = special(u64::from_le_bytes(*word));
        if special != 0 {
            return count + (special.trailing_zeros() / 8) as usize;
        }
        count += 8;
    }
    let rest = bytes.get(count..).unwrap_or_default();
    count + rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)).count()
}

/// Returns a word whose lowest set bit is in the first byte that is special; later bytes may be wrong.
fn special(word: u64) -> u64 {
    let each = |byte: u8| u64::from_ne_bytes([byte; 8]);
    let is_zero = |word: u64| word.wrapping_sub(each(1)) & !word;
    let is_control = word.wrapping_sub(each(0x20)) & !word;
    (is_zero(word ^ each(b'"')) | is_zero(word ^ each(b'\\')) | is_control) & each(0x80)
}

/// A report has up to 12 members, so that most objects grow once.
const USUAL_MEMBERS: usize = 12;

#[cfg(test)]
mod tests {
    use super::super::write;
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<&str>) {
        let read = read(text.as_bytes(), Limits { depth: 4, values: 20 });
        let written = read.ok().map(|value| {
            let mut out = String::new();
            write(&value, &mut out);
            out
        });
        assert_eq!(written.as_deref(), expected, "{text}");
    }

    #[test]
    fn syntax_is_that_of_the_standard() {
        for text in [
            "",
            "{",
            "[",
            "[1,]",
            "{\"a\":1,}",
            "{\"a\"}",
            "{a:1}",
            "'a'",
            "01",
            "1.",
            ".5",
            "1e",
            "+1",
            "-",
            "NaN",
            "tru",
            "\"a",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u+123\"",
            "\"a\nb\"",
            "\"a\u{1}b\"",
            "1 2",
            "/*c*/1",
            "[1 2]",
            "{\"a\" 1}",
            "\u{a0}1",
        ] {
            check(text, None);
        }
        for (text, expected) in [
            (" [ 1 , -0.5e+3 ] ", "[1,-0.5e+3]"),
            ("\u{feff}{}", "{}"),
            ("{\"a\" : {} , \"b\":[]}", "{\"a\":{},\"b\":[]}"),
            (r#""\"\\\/\b\f\n\r\tA€""#, r#""\"\\/\b\f\n\r\tA€""#),
            ("1e999", "1e999"),
            ("\"0123456789 longer than one word\\n, and on\"", "\"0123456789 longer than one word\\n, and on\""),
        ] {
            check(text, Some(expected));
        }
    }

    #[test]
    fn half_a_surrogate_pair_costs_one_character() {
        for (text, expected) in [
            (r#""a\ud83d\ude00b""#, "\"a😀b\""),
            (r#""a\ud800b""#, "\"a\u{fffd}b\""),
            (r#""a\udc00b""#, "\"a\u{fffd}b\""),
            (r#""\ud800\ud83d\ude00""#, "\"\u{fffd}😀\""),
            (r#""\ud800A""#, "\"\u{fffd}A\""),
            (r#""a\u0000b""#, r#""a\u0000b""#),
        ] {
            check(text, Some(expected));
        }
        assert_eq!(read(b"\"a\xffb\"", Limits::default()), Err(Fault::Encoding { at: 2 }));
    }

    #[test]
    fn depth_and_number_of_values_are_bounded() {
        check("[[[[]]]]", Some("[[[[]]]]"));
        check("[[[[[]]]]]", None);
        check(
            "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19]",
            Some("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19]"),
        );
        check("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]", None);
        let deep = "[".repeat(1_000_000);
        assert_eq!(read(deep.as_bytes(), Limits::default()), Err(Fault::Depth { at: 64 }));
    }

    #[test]
    fn every_special_byte_ends_plain_text_wherever_it_stands() {
        for special in (0..=255_u8).filter(|byte| *byte < 0x80) {
            for place in 0..20 {
                let mut bytes = *b"abcdefghijklmnopqrstuvwxyz";
                bytes[place] = special;
                let ends = matches!(special, b'"' | b'\\' | 0..0x20);
                assert_eq!(plain(&bytes), if ends { place } else { 26 }, "{special} at {place}");
            }
        }
        assert_eq!(plain("éééééééééé\"".as_bytes()), 20);
    }
}
