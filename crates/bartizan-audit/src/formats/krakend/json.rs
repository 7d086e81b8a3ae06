//! JSON (RFC 8259) with the place of every value; bounded in depth.

use bartizan_rules::Place;
use bartizan_rules::facts::node::{Entry, Node, NodeValue};
use thiserror::Error;

use crate::Source;

/// Why a file is no JSON.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{at}: {message}")]
pub struct NotJson {
    /// Where it ceases to be.
    pub at: Place,
    /// What was expected.
    pub message: &'static str,
}

/// Parses a file.
///
/// # Errors
///
/// When it is no JSON, or nested deeper than configurations are.
pub fn parse(source: &Source) -> Result<Node, NotJson> {
    let mut parser = Parser { source, text: source.text(), at: 0, line: Line::default() };
    let root = parser.value(0)?;
    parser.blanks();
    if parser.at < parser.text.len() {
        return Err(parser.fail("nothing may follow the value"));
    }
    Ok(root)
}

struct Parser<'s> {
    source: &'s Source,
    text: &'s str,
    at: usize,
    line: Line,
}

/// The line in which places are counted: places only ever move on, so that each line is counted once.
#[derive(Default)]
struct Line {
    number: usize,
    start: usize,
    seen: usize,
}

impl Parser<'_> {
    fn value(&mut self, depth: u32) -> Result<Node, NotJson> {
        self.blanks();
        let start = self.at;
        if depth > DEEPEST {
            return Err(self.fail("nested too deeply"));
        }
        let place = self.place(start);
        let value = match self.peek() {
            Some(b'{') => NodeValue::Map(self.map(depth)?),
            Some(b'[') => NodeValue::List(self.list(depth)?),
            Some(b'"') => NodeValue::Text(self.string()?.into()),
            Some(b't') => self.word("true", NodeValue::Bool(true))?,
            Some(b'f') => self.word("false", NodeValue::Bool(false))?,
            Some(b'n') => self.word("null", NodeValue::Null)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => return Err(self.fail("a value was expected")),
        };
        let mut at = place;
        at.span = start..self.at;
        Ok(Node { value, at })
    }

    fn map(&mut self, depth: u32) -> Result<Vec<Entry>, NotJson> {
        self.at += 1;
        let mut entries = Vec::new();
        self.blanks();
        if self.take(b'}') {
            return Ok(entries);
        }
        loop {
            self.blanks();
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.fail("a name in quotes was expected"));
            }
            let mut at = self.place(start);
            let key = self.string()?.into();
            at.span = start..self.at;
            self.blanks();
            if !self.take(b':') {
                return Err(self.fail("a colon was expected"));
            }
            let value = self.value(depth + 1)?;
            entries.push(Entry { key, at, value });
            self.blanks();
            if self.take(b'}') {
                return Ok(entries);
            }
            if !self.take(b',') {
                return Err(self.fail("a comma or a closing brace was expected"));
            }
        }
    }

    fn list(&mut self, depth: u32) -> Result<Vec<Node>, NotJson> {
        self.at += 1;
        let mut items = Vec::new();
        self.blanks();
        if self.take(b']') {
            return Ok(items);
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.blanks();
            if self.take(b']') {
                return Ok(items);
            }
            if !self.take(b',') {
                return Err(self.fail("a comma or a closing bracket was expected"));
            }
        }
    }

    fn string(&mut self) -> Result<String, NotJson> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                None | Some(0..=0x1f) => return Err(self.fail("a text has no end")),
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        let quoted = self.text.get(start..self.at).unwrap_or_default();
        serde_json::from_str(quoted).map_err(|_| {
            self.at = start;
            self.fail("a text has an escape that is none")
        })
    }

    fn word(&mut self, word: &str, value: NodeValue) -> Result<NodeValue, NotJson> {
        if !self.text.get(self.at..).unwrap_or_default().starts_with(word) {
            return Err(self.fail("a value was expected"));
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Result<NodeValue, NotJson> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        if serde_json::from_str::<serde_json::Number>(text).is_err() {
            self.at = start;
            return Err(self.fail("a number is written otherwise"));
        }
        Ok(NodeValue::Number(text.into()))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn place(&mut self, start: usize) -> Place {
        let passed = self.text.get(self.line.seen..start).unwrap_or_default();
        if let Some(last) = passed.rfind('\n') {
            self.line.number += passed.matches('\n').count();
            self.line.start = self.line.seen + last + 1;
        }
        self.line.seen = start;
        let before = self.text.get(self.line.start..start).unwrap_or_default();
        // A file of one endless line is not counted again for each of its values.
        let column = if before.len() > LONGEST_LINE { before.len() } else { before.chars().count() };
        Place {
            path: std::sync::Arc::clone(self.source.path()),
            line: self.line.number + 1,
            column: column + 1,
            span: start..start,
        }
    }

    fn fail(&self, message: &'static str) -> NotJson {
        let at = self.at.min(self.text.len());
        NotJson { at: self.source.place(at..at), message }
    }
}

/// KrakenD's own are some ten deep.
const DEEPEST: u32 = 100;
/// Beyond this, columns are bytes.
const LONGEST_LINE: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_read_with_places_and_nothing_else_is() {
        for (text, fault) in [
            (r#"{"a": [1, -2.5e3, "x\n", true, false, null, {}]}"#, None),
            ("  7  ", None),
            ("", Some("a value was expected")),
            ("{'a': 1}", Some("a name in quotes was expected")),
            (r#"{"a": 1,}"#, Some("a name in quotes was expected")),
            (r#"{"a" 1}"#, Some("a colon was expected")),
            ("[1 2]", Some("a comma or a closing bracket was expected")),
            ("[01]", Some("a number is written otherwise")),
            ("\"a", Some("a text has no end")),
            (r#""\x""#, Some("a text has an escape that is none")),
            ("1 2", Some("nothing may follow the value")),
            ("// no\n{}", Some("a value was expected")),
            (&"[".repeat(1000), Some("nested too deeply")),
        ] {
            let source = Source::new("krakend.json", text.as_bytes().to_vec());
            assert_eq!(parse(&source).err().map(|error| error.message), fault, "{text}");
        }
        let source = Source::new("krakend.json", b"{\n  \"a\": {\"b\": [true]}\n}".to_vec());
        let root = parse(&source).unwrap();
        let b = root.get("a").and_then(|a| a.entry("b")).unwrap();
        assert_eq!((b.at.to_string(), b.value.at.to_string()), ("krakend.json:2:9".into(), "krakend.json:2:14".into()));
        assert_eq!(&source.text()[b.value.at.span.clone()], "[true]");
    }
}
