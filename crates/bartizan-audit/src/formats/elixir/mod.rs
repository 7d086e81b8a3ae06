//! Elixir configuration, as far as it is written out: `config :app, Key, name: value`.
//!
//! It is no reader of Elixir. An expression whose value is not on the page is nothing, and what stands outside of
//! `config` is passed over. It never fails.

use bartizan_rules::facts::elixir::{ConfigLine, Elixir};
use bartizan_rules::facts::node::{Entry, Node, NodeValue};

use crate::Source;

/// Reads a configuration; `is_in_container` says whether a container is declared beside it.
pub fn read(source: &Source, is_in_container: bool) -> Elixir {
    let mut reader = Reader { source, text: source.text(), at: 0 };
    let mut lines = Vec::new();
    while reader.at < reader.text.len() && lines.len() < MOST {
        reader.blanks(Over::Lines);
        let start = reader.at;
        match reader.word() {
            Some("config") if reader.peek() == Some(b' ') || reader.peek() == Some(b'(') => {
                reader.take(b'(');
                lines.extend(reader.line(start));
            }
            Some(_) => {}
            None => drop(reader.value(0)),
        }
        if reader.at == start {
            reader.step();
        }
    }
    Elixir { lines, is_in_container, start: source.place(0..0) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Over {
    Blanks,
    Lines,
}

struct Reader<'s> {
    source: &'s Source,
    text: &'s str,
    at: usize,
}

impl<'s> Reader<'s> {
    fn line(&mut self, start: usize) -> Option<ConfigLine> {
        self.blanks(Over::Blanks);
        let app = self.value(0).text()?.into();
        let mut key: Box<str> = "".into();
        let mut entries = Vec::new();
        let body = self.at;
        while self.comma() {
            self.blanks(Over::Lines);
            let from = self.at;
            match self.keyword() {
                Some(name) => entries.push(self.entry(from, name, 1)),
                None => {
                    let value = self.value(1);
                    match value.value {
                        NodeValue::Text(name) if key.is_empty() && entries.is_empty() => key = name,
                        NodeValue::Map(more) => entries.extend(more),
                        // `config :app, :key, value`: the key's only value has no name.
                        _ => {
                            let at = value.at.clone();
                            entries.push(Entry { key: "".into(), at, value });
                        }
                    }
                }
            }
        }
        let value = Node { value: NodeValue::Map(entries), at: self.source.place(body..self.at) };
        Some(ConfigLine { app, key, value, at: self.source.place(start..self.at) })
    }

    fn entry(&mut self, from: usize, key: Box<str>, depth: u32) -> Entry {
        let at = self.source.place(from..self.at);
        self.blanks(Over::Lines);
        let value = self.value(depth + 1);
        Entry { key, at, value }
    }

    /// Reads a value, and passes over what is computed with it.
    fn value(&mut self, depth: u32) -> Node {
        self.blanks(Over::Blanks);
        let start = self.at;
        let mut value = self.term(depth);
        let end = self.at;
        loop {
            self.blanks(Over::Blanks);
            match self.peek() {
                None | Some(b',' | b'\n' | b'\r' | b']' | b'}' | b')' | b'#') => break,
                _ => {
                    // Whatever follows makes another value of it.
                    value = NodeValue::Null;
                    let before = self.at;
                    self.term(depth);
                    if self.at == before {
                        self.step();
                    }
                }
            }
        }
        if value == NodeValue::Null {
            return Node { value, at: self.source.place(start..self.at) };
        }
        Node { value, at: self.source.place(start..end) }
    }

    fn term(&mut self, depth: u32) -> NodeValue {
        if depth > DEEPEST {
            self.at = self.text.len();
            return NodeValue::Null;
        }
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'[') => self.collection(b']', depth),
            Some(b'{') => self.collection(b'}', depth),
            Some(b'(') => {
                self.collection(b')', depth);
                NodeValue::Null
            }
            Some(b'%') if self.text.as_bytes().get(self.at + 1) == Some(&b'{') => {
                self.at += 1;
                self.collection(b'}', depth)
            }
            Some(b':') => {
                let start = self.at;
                self.at += 1;
                if self.peek() == Some(b'"') {
                    self.string();
                }
                let _ = self.word();
                NodeValue::Text(self.text.get(start..self.at).unwrap_or_default().into())
            }
            Some(byte) if byte.is_ascii_digit() || byte == b'-' => {
                let start = self.at;
                self.at += 1;
                while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')) {
                    self.at += 1;
                }
                NodeValue::Number(self.text.get(start..self.at).unwrap_or_default().replace('_', "").into())
            }
            _ => match self.word() {
                Some("true") => NodeValue::Bool(true),
                Some("false") => NodeValue::Bool(false),
                Some("nil") => NodeValue::Null,
                Some(name) if name.starts_with(|c: char| c.is_uppercase()) && self.peek() != Some(b'(') => {
                    NodeValue::Text(name.into())
                }
                _ => NodeValue::Null,
            },
        }
    }

    fn collection(&mut self, close: u8, depth: u32) -> NodeValue {
        self.at += 1;
        let (mut items, mut entries) = (Vec::new(), Vec::new());
        loop {
            self.blanks(Over::Lines);
            if self.take(close) || self.at >= self.text.len() {
                break;
            }
            let from = self.at;
            match self.keyword() {
                Some(name) => {
                    let entry = self.entry(from, name, depth);
                    entries.push(entry);
                }
                None => {
                    let item = self.value(depth + 1);
                    self.blanks(Over::Lines);
                    if self.text.get(self.at..).is_some_and(|rest| rest.starts_with("=>")) {
                        self.at += 2;
                        self.blanks(Over::Lines);
                        let value = self.value(depth + 1);
                        let key = item.text().unwrap_or_default().into();
                        entries.push(Entry { key, at: item.at, value });
                    } else {
                        items.push(item);
                    }
                }
            }
            self.blanks(Over::Lines);
            if !self.take(b',') && self.peek() != Some(close) && self.at == from {
                self.step();
            }
        }
        if entries.is_empty() { NodeValue::List(items) } else { NodeValue::Map(entries) }
    }

    /// Reads `name:` of a keyword list.
    fn keyword(&mut self) -> Option<Box<str>> {
        let start = self.at;
        let name: Box<str> = if self.peek() == Some(b'"') {
            match self.string() {
                NodeValue::Text(name) => name,
                _ => "".into(),
            }
        } else {
            self.word().unwrap_or_default().into()
        };
        let is_key = !name.is_empty()
            && self.peek() == Some(b':')
            && matches!(self.text.as_bytes().get(self.at + 1), None | Some(b' ' | b'\n' | b'\r' | b'\t'));
        if is_key {
            self.at += 1;
            return Some(name);
        }
        self.at = start;
        None
    }

    /// Reads a text; one with something filled in is nothing.
    fn string(&mut self) -> NodeValue {
        let rest = self.text.get(self.at..).unwrap_or_default();
        if let Some(inner) = rest.strip_prefix("\"\"\"") {
            let end = inner.find("\"\"\"").unwrap_or(inner.len());
            self.at = (self.at + end + 6).min(self.text.len());
            return NodeValue::Text(inner.get(..end).unwrap_or_default().into());
        }
        let start = self.at + 1;
        self.at = start;
        while let Some(byte) = self.peek().filter(|byte| *byte != b'"') {
            self.at += if byte == b'\\' { 2 } else { 1 };
        }
        let inner = self.text.get(start..self.at.min(self.text.len())).unwrap_or_default();
        self.at = (self.at + 1).min(self.text.len());
        if inner.contains("#{") { NodeValue::Null } else { NodeValue::Text(inner.into()) }
    }

    fn word(&mut self) -> Option<&'s str> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'?' | b'!'))
        {
            self.at += 1;
        }
        self.text.get(start..self.at).filter(|word| !word.is_empty())
    }

    fn comma(&mut self) -> bool {
        let start = self.at;
        self.blanks(Over::Lines);
        if self.take(b',') {
            return true;
        }
        self.at = start;
        false
    }

    fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn blanks(&mut self, over: Over) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' => self.at += 1,
                b'\n' | b'\r' if over == Over::Lines => self.at += 1,
                b'#' => {
                    while self.peek().is_some_and(|byte| byte != b'\n') {
                        self.at += 1;
                    }
                }
                _ => break,
            }
        }
    }

    fn step(&mut self) {
        self.at += 1;
        while !self.text.is_char_boundary(self.at.min(self.text.len())) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

/// Configurations are some five deep.
const DEEPEST: u32 = 60;
/// `config` lines of one file.
const MOST: usize = 5_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_out_is_read() {
        let text = "import Config\n\nconfig :pleroma, Pleroma.Web.Endpoint,\n  url: [host: \"a.example\", port: 443],\n  \
                    http: [ip: {127, 0, 0, 1}, port: 4000], # here\n  secret_key_base: System.get_env(\"KEY\"),\n  \
                    secure_cookie_flag: true\n\nconfig :pleroma, :http_security, enabled: true, sts: false\n\
                    config :pleroma, configurable_from_database: true\nconfig :logger, level: :warn\n";
        let read = read(&Source::new("prod.secret.exs", text.as_bytes().to_vec()), false);
        assert_eq!(read.lines.len(), 4);
        let endpoint = |name| read.get("Pleroma.Web.Endpoint", name);
        assert_eq!(endpoint("url").and_then(|url| url.get("host")).and_then(Node::text), Some("a.example"));
        let ip = endpoint("http").and_then(|http| http.get("ip")).unwrap();
        assert_eq!((ip.items().len(), ip.at.to_string()), (4, "prod.secret.exs:5:14".to_owned()));
        assert_eq!(endpoint("secret_key_base").map(|key| key.value.clone()), Some(NodeValue::Null));
        assert_eq!(endpoint("secure_cookie_flag").and_then(Node::bool), Some(true));
        assert_eq!(read.get(":http_security", "sts").and_then(Node::bool), Some(false));
        assert_eq!(read.get("", "configurable_from_database").and_then(Node::bool), Some(true));
    }

    #[test]
    fn odd_files_are_read_to_their_end() {
        for text in [
            "config",
            "config :a,",
            "config :a, [",
            "config :a, b: \"",
            "config :a, \"é",
            "é%{",
            &"[".repeat(10_000),
            ":\"",
            "\"\"\"",
            "\\",
        ] {
            read(&Source::new("odd", text.as_bytes().to_vec()), false);
        }
    }
}
