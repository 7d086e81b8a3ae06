//! The part of YAML 1.2 that test files of go-ftw are written in: block mappings and sequences, block and quoted scalars,
//! flow sequences. Anchors, tags and flow mappings are not read.

use anyhow::{Result, bail, ensure};
use serde_json::{Map, Value};

/// Reads one document.
pub(super) fn read(text: &str) -> Result<Value> {
    let mut reader = Reader { lines: text.lines().map(str::to_owned).collect(), at: 0 };
    let value = reader.node(0, 0)?;
    ensure!(reader.peek().is_none(), "line {} does not belong to anything", reader.at + 1);
    Ok(value)
}

struct Reader {
    lines: Vec<String>,
    at: usize,
}

impl Reader {
    /// The indentation and text of the next line that says something.
    fn peek(&mut self) -> Option<(usize, String)> {
        loop {
            let line = self.lines.get(self.at)?;
            let text = line.trim_start_matches(' ');
            if !(text.trim().is_empty() || text.starts_with('#') || line == "---" || line == "...") {
                return Some((line.len() - text.len(), text.trim_end().to_owned()));
            }
            self.at += 1;
        }
    }

    fn node(&mut self, least: usize, depth: usize) -> Result<Value> {
        ensure!(depth < DEPTH, "line {}: nested deeper than {DEPTH}", self.at + 1);
        match self.peek() {
            Some((indent, text)) if indent >= least => {
                if is_item(&text) {
                    self.sequence(indent, depth)
                } else if split_key(&text).is_some() {
                    self.mapping(indent, depth)
                } else {
                    self.at += 1;
                    self.scalar(&text)
                }
            }
            _ => Ok(Value::Null),
        }
    }

    fn sequence(&mut self, indent: usize, depth: usize) -> Result<Value> {
        let mut items = Vec::new();
        while let Some((found, text)) = self.peek()
            && found == indent
            && is_item(&text)
        {
            // What follows the dash stands at its own place, as if the dash were white space.
            if let Some(line) = self.lines.get_mut(self.at) {
                line.replace_range(indent..=indent, " ");
            }
            items.push(self.node(indent + 1, depth + 1)?);
        }
        Ok(Value::Array(items))
    }

    fn mapping(&mut self, indent: usize, depth: usize) -> Result<Value> {
        let mut fields = Map::new();
        while let Some((found, text)) = self.peek()
            && found == indent
            && !is_item(&text)
        {
            let Some((key, rest)) = split_key(&text) else { bail!("line {} has no key", self.at + 1) };
            self.at += 1;
            let value = match rest.chars().next() {
                None | Some('#') => match self.peek() {
                    Some((next, text)) if next > indent || next == indent && is_item(&text) => {
                        self.node(next, depth + 1)?
                    }
                    _ => Value::Null,
                },
                Some(style @ ('|' | '>')) => Value::String(self.block(indent, style, rest)),
                Some(_) => self.scalar(rest)?,
            };
            fields.insert(key, value);
        }
        Ok(Value::Object(fields))
    }

    /// The lines that are indented deeper than their key. A folded one joins them.
    fn block(&mut self, indent: usize, style: char, header: &str) -> String {
        let mut lines: Vec<String> = Vec::new();
        let mut margin = None;
        while let Some(line) = self.lines.get(self.at) {
            let spaces = line.len() - line.trim_start_matches(' ').len();
            let is_blank = line.trim().is_empty();
            if !is_blank && spaces <= indent {
                break;
            }
            if !is_blank {
                margin.get_or_insert(spaces);
            }
            lines.push(line.get(margin.unwrap_or(spaces).min(spaces)..).unwrap_or_default().to_owned());
            self.at += 1;
        }
        while lines.last().is_some_and(|line| line.trim().is_empty()) && !header.contains('+') {
            lines.pop();
        }
        let mut text = lines.join(if style == '|' { "\n" } else { " " });
        if !header.contains('-') && !text.is_empty() {
            text.push('\n');
        }
        text
    }

    fn scalar(&mut self, text: &str) -> Result<Value> {
        let text = text.trim();
        if let Some(quote @ ('"' | '\'')) = text.chars().next() {
            let mut whole = text.to_owned();
            loop {
                if let Some(value) = unquoted(&whole, quote) {
                    return Ok(Value::String(value));
                }
                // A quoted text may go on in the next lines.
                let Some(line) = self.lines.get(self.at) else { bail!("a quote is not closed") };
                whole = format!("{} {}", whole, line.trim());
                self.at += 1;
            }
        }
        let plain = text.split(" #").next().unwrap_or_default().trim();
        if let Some(items) = plain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let items = items.split(',').map(str::trim).filter(|item| !item.is_empty());
            return items.map(|item| self.scalar(item)).collect::<Result<_>>().map(Value::Array);
        }
        Ok(match plain {
            "" | "~" | "null" => Value::Null,
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => plain.parse::<i64>().map_or_else(|_| Value::String(plain.to_owned()), Value::from),
        })
    }
}

fn is_item(text: &str) -> bool {
    text == "-" || text.starts_with("- ")
}

/// A key and what follows its colon.
fn split_key(text: &str) -> Option<(String, &str)> {
    let (key, rest) = match text.chars().next()? {
        quote @ ('"' | '\'') => {
            let end = text.get(1..)?.find(quote)? + 1;
            (text.get(1..end)?, text.get(end + 1..)?.trim_start().strip_prefix(':')?)
        }
        '[' | '{' => return None,
        _ => text.split_once(": ").or_else(|| text.strip_suffix(':').map(|key| (key, "")))?,
    };
    Some((key.trim().to_owned(), rest.trim_start()))
}

/// The text between quotes, where the closing one is there. What follows it is a note.
fn unquoted(text: &str, quote: char) -> Option<String> {
    let mut out = String::new();
    let mut rest = text.get(1..)?.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\'' if quote == '\'' && rest.peek() == Some(&'\'') => out.extend(rest.next()),
            _ if character == quote => return Some(out),
            '\\' if quote == '"' => {
                let escaped = rest.next()?;
                let digits = match escaped {
                    'x' => 2,
                    'u' => 4,
                    'U' => 8,
                    _ => 0,
                };
                if digits > 0 {
                    let number: String = rest.by_ref().take(digits).collect();
                    out.extend(u32::from_str_radix(&number, 16).ok().and_then(char::from_u32));
                } else {
                    out.push(meaning(escaped));
                }
            }
            _ => out.push(character),
        }
    }
    None
}

/// What an escape of one letter stands for (YAML 1.2.2, 5.7).
const fn meaning(escaped: char) -> char {
    match escaped {
        '0' => '\0',
        'a' => '\x07',
        'b' => '\x08',
        'e' => '\x1b',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        other => other,
    }
}

/// Test files are not nested deeper than ten.
const DEPTH: usize = 32;

#[cfg(test)]
mod tests {
    use super::read;
    use serde_json::json;

    #[test]
    fn test_files_are_read() {
        let text = "---\nmeta:\n  author: \"me\" # a note\ntests:\n  - test_id: 1\n    stages:\n      - input:\n          uri: \"/a?b=\\\"\\x41\"\n          data: |\n            a=1\n\n              b\n          headers:\n            Host: 'it''s'\n            \"X-A\": b: c\n        output:\n          log:\n            expect_ids: [1, 2]\n          status: 403\n  - test_id: 2\n";
        let input = json!({"uri": "/a?b=\"A", "data": "a=1\n\n  b\n", "headers": {"Host": "it's", "X-A": "b: c"}});
        let output = json!({"log": {"expect_ids": [1, 2]}, "status": 403});
        let first = json!({"test_id": 1, "stages": [{"input": input, "output": output}]});
        let expected = json!({"meta": {"author": "me"}, "tests": [first, {"test_id": 2}]});
        assert_eq!(read(text).expect("a document"), expected);
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for text in ["a: 1\n   - b", "a: \"b", "a: 1\n b: 2"] {
            assert!(read(text).is_err(), "{text}");
        }
        let deep: String = (0..40).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        assert!(read(&deep).is_err());
    }
}
