//! JSON in its indented form, written piece by piece: a report of many findings is too long to be built as values first.
//!
//! It writes what it is told to: that names are sorted, and each is there once, is up to the caller.

/// A text in the making.
#[derive(Debug)]
pub struct Json {
    text: String,
    depth: usize,
    /// Whether the innermost object or list has nothing in it yet.
    is_empty: bool,
}

impl Json {
    /// Returns an empty text whose first value stands within as many objects and lists as the number says.
    pub const fn within(depth: usize) -> Self {
        Self { text: String::new(), depth, is_empty: true }
    }

    /// Returns an empty text that goes on where an object or a list has something in it already.
    pub const fn behind(depth: usize) -> Self {
        Self { text: String::new(), depth, is_empty: false }
    }

    /// Goes on in a text that has something in it.
    pub fn onto(self, text: String) -> Self {
        Self { text, ..self }
    }

    /// Returns what was written.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Returns what was written since it was taken last.
    pub fn take_text(&mut self) -> String {
        std::mem::take(&mut self.text)
    }

    /// Says that the innermost object or list was filled from elsewhere.
    pub const fn fill(&mut self) {
        self.is_empty = false;
    }

    /// Writes any value.
    pub fn value(&mut self, value: &serde_json::Value) {
        for (number, line) in format!("{value:#}").lines().enumerate() {
            if number > 0 {
                self.text.push('\n');
                self.indent();
            }
            self.text.push_str(line);
        }
    }

    /// Begins an object; what follows are its members.
    pub fn open_object(&mut self) {
        self.open('{');
    }

    /// Ends an object.
    pub fn close_object(&mut self) {
        self.close('}');
    }

    /// Begins a list; what follows are its items.
    pub fn open_list(&mut self) {
        self.open('[');
    }

    /// Ends a list.
    pub fn close_list(&mut self) {
        self.close(']');
    }

    /// Begins a member, whose value is written next.
    pub fn name(&mut self, name: &str) {
        self.member(name);
        self.text.push_str("\": ");
    }

    /// Begins an item of a list, whose value is written next.
    pub fn item(&mut self) {
        self.head(false);
    }

    fn member(&mut self, name: &str) {
        self.head(true);
        self.text.push_str(name);
    }

    /// Writes a comma unless it is the first, a line feed, the indentation, and a quote where one is wanted.
    fn head(&mut self, is_quoted: bool) {
        let heads = match (std::mem::replace(&mut self.is_empty, false), is_quoted) {
            (false, false) => &HEADS.item,
            (false, true) => &HEADS.member,
            (true, false) => &HEADS.first_item,
            (true, true) => &HEADS.first_member,
        };
        if let Some(head) = heads.get(self.depth) {
            return self.text.push_str(head);
        }
        self.text.push_str(heads.first().copied().unwrap_or_default().trim_end_matches('"'));
        self.indent();
        if is_quoted {
            self.text.push('"');
        }
    }

    /// Writes a text as a value.
    pub fn text(&mut self, value: &str) {
        self.text.push('"');
        self.escaped(value);
        self.text.push('"');
    }

    /// Writes a number as a value.
    pub fn number(&mut self, value: usize) {
        // One digit after the other: most numbers have two.
        if value >= 10 {
            self.number(value / 10);
        }
        self.text.push(char::from(b'0' + u8::try_from(value % 10).unwrap_or_default()));
    }

    /// Writes a member that is a text.
    pub fn text_member(&mut self, name: &str, value: &str) {
        self.member(name);
        self.text.push_str("\": \"");
        self.escaped(value);
        self.text.push('"');
    }

    /// Writes a member that is a number.
    pub fn number_member(&mut self, name: &str, value: usize) {
        self.name(name);
        self.number(value);
    }

    /// Writes members or items that were written before, at the same depth.
    pub fn written(&mut self, members: &str) {
        self.text.push_str(if self.is_empty { members.strip_prefix(',').unwrap_or(members) } else { members });
        self.is_empty = false;
    }

    fn open(&mut self, sign: char) {
        self.text.push(sign);
        self.depth += 1;
        self.is_empty = true;
    }

    fn close(&mut self, sign: char) {
        self.depth = self.depth.saturating_sub(1);
        if !self.is_empty {
            self.text.push('\n');
            self.indent();
        }
        self.is_empty = false;
        self.text.push(sign);
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.text.push_str("  ");
        }
    }

    /// Quotes, backslashes and control characters (RFC 8259, 7).
    fn escaped(&mut self, value: &str) {
        if is_plain(value.as_bytes()) {
            return self.text.push_str(value);
        }
        let mut rest = value;
        while let Some(at) = rest.bytes().position(is_special) {
            let (plain, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.text.push_str(plain);
            let mut chars = after.chars();
            match chars.next() {
                Some('"') => self.text.push_str("\\\""),
                Some('\\') => self.text.push_str("\\\\"),
                Some('\n') => self.text.push_str("\\n"),
                Some('\r') => self.text.push_str("\\r"),
                Some('\t') => self.text.push_str("\\t"),
                Some('\u{8}') => self.text.push_str("\\b"),
                Some('\u{c}') => self.text.push_str("\\f"),
                Some(other) => {
                    self.text.push_str("\\u00");
                    for shift in [4, 0] {
                        self.text.push(char::from_digit((other as u32 >> shift) & 0xf, 16).unwrap_or('0'));
                    }
                }
                None => {}
            }
            rest = chars.as_str();
        }
        self.text.push_str(rest);
    }
}

const fn is_special(byte: u8) -> bool {
    matches!(byte, b'"' | b'\\' | ..=0x1f)
}

/// Whether nothing has to be escaped, as is true of most texts: eight bytes are looked at together.
fn is_plain(bytes: &[u8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGH: u64 = ONES << 7;
    // The high bit of a byte tells that it is zero; a byte behind such a one may tell so wrongly, which is only slower.
    let has_zero = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let is_found = |word: &[u8; 8]| {
        let word = u64::from_ne_bytes(*word);
        let is_control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        is_control | has_zero(word ^ (ONES * b'"' as u64)) | has_zero(word ^ (ONES * b'\\' as u64))
    };
    let (words, rest) = bytes.as_chunks::<8>();
    match bytes.last_chunk::<8>() {
        // The last eight are looked at together, though some were looked at before.
        Some(last) => words.iter().fold(is_found(last), |found, word| found | is_found(word)) == 0,
        None => !rest.iter().any(|byte| is_special(*byte)),
    }
}

/// What stands before members and items, by depth.
struct Heads {
    member: [&'static str; 8],
    first_member: [&'static str; 8],
    item: [&'static str; 8],
    first_item: [&'static str; 8],
}

macro_rules! heads {
    ($sign:literal, $quote:literal) => {
        [
            concat!($sign, "\n", $quote),
            concat!($sign, "\n  ", $quote),
            concat!($sign, "\n    ", $quote),
            concat!($sign, "\n      ", $quote),
            concat!($sign, "\n        ", $quote),
            concat!($sign, "\n          ", $quote),
            concat!($sign, "\n            ", $quote),
            concat!($sign, "\n              ", $quote),
        ]
    };
}

static HEADS: Heads = Heads {
    member: heads!(",", "\""),
    first_member: heads!("", "\""),
    item: heads!(",", ""),
    first_item: heads!("", ""),
};

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn write(json: &mut Json, value: &Value) {
        match value {
            Value::Array(items) => {
                json.open_list();
                for item in items {
                    json.item();
                    write(json, item);
                }
                json.close_list();
            }
            Value::Object(members) => {
                json.open_object();
                for (name, member) in members {
                    json.name(name);
                    write(json, member);
                }
                json.close_object();
            }
            Value::String(text) => json.text(text),
            Value::Number(number) => json.number(number.as_u64().unwrap() as usize),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn it_is_written_as_others_write_it() {
        let every: String = ('\0'..='\u{ff}').collect();
        for value in [
            json!({}),
            json!([]),
            json!({ "a": [], "b": {}, "c": [1, [2, {}], "x"] }),
            json!([0, 9, 10, 1_234_567_890, usize::MAX]),
            json!({ "a": every, "b": "", "c": "\\", "d": "ü\"\u{2028}\n" }),
            json!([[[[[[[[[[{ "deep": ["a", "b"], "er": {} }]]]]]]]]]]),
            json!(every.chars().map(|one| format!("eight bytes{one}and eight")).collect::<Vec<_>>()),
        ] {
            let mut json = Json::within(0);
            write(&mut json, &value);
            assert_eq!(json.into_text(), format!("{value:#}"));
        }
    }

    #[test]
    fn what_was_written_before_is_put_in() {
        let mut part = Json::behind(1);
        part.text_member("b", "x");
        let part = part.into_text();
        for (first, expected) in
            [(None, json!({ "b": "x", "c": 1 })), (Some("y"), json!({ "a": "y", "b": "x", "c": 1 }))]
        {
            let mut json = Json::within(0);
            json.open_object();
            first.into_iter().for_each(|first| json.text_member("a", first));
            json.written(&part);
            json.number_member("c", 1);
            json.close_object();
            assert_eq!(json.into_text(), format!("{expected:#}"));
        }
    }
}
