//! The part of YAML that Compose files are written in, with places: maps and lists by indentation, scalars, comments.
//!
//! It is no reader of YAML: anchors, tags, block texts and flow collections over several lines are passed over, and what
//! they say is not seen. It never fails.

use bartizan_rules::facts::node::{Entry, Node, NodeValue};

use crate::Source;

/// Reads a file.
pub fn parse(source: &Source) -> Node {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in source.text().split_inclusive('\n').take(MOST) {
        let bare = line.trim_end();
        let indent = bare.len() - bare.trim_start_matches(' ').len();
        let text = bare.get(indent..).unwrap_or_default();
        if !text.is_empty() && !text.starts_with('#') && text != "---" {
            lines.push(Line { indent, start: start + indent, text: without_comment(text) });
        }
        start += line.len();
    }
    let mut reader = Reader { source, lines, next: 0 };
    reader.block(0, 0)
}

#[derive(Clone, Copy)]
struct Line<'t> {
    indent: usize,
    start: usize,
    text: &'t str,
}

struct Reader<'t> {
    source: &'t Source,
    lines: Vec<Line<'t>>,
    next: usize,
}

impl Reader<'_> {
    /// Reads the lines that are indented at least this far.
    fn block(&mut self, indent: usize, depth: u32) -> Node {
        let Some(first) = self.lines.get(self.next).copied().filter(|line| line.indent >= indent && depth < DEEPEST)
        else {
            let at = self.source.place(0..0);
            return Node { value: NodeValue::Null, at };
        };
        let value = if is_item(first.text) {
            NodeValue::List(self.items(first.indent, depth))
        } else {
            NodeValue::Map(self.entries(first.indent, depth))
        };
        Node { value, at: self.source.place(first.start..first.start + first.text.len()) }
    }

    fn items(&mut self, indent: usize, depth: u32) -> Vec<Node> {
        let mut items = Vec::new();
        while let Some(line) = self.lines.get(self.next).copied() {
            if line.indent != indent || !is_item(line.text) {
                break;
            }
            let rest = line.text.get(1..).unwrap_or_default();
            let text = rest.trim_start();
            let start = line.start + 1 + rest.len() - text.len();
            if text.is_empty() {
                self.next += 1;
                items.push(self.block(indent + 1, depth + 1));
            } else if key(text).is_some() {
                // A map that begins behind the dash: its first entry stands where a line of its own would.
                let inner = start - line.start + indent;
                if let Some(line) = self.lines.get_mut(self.next) {
                    *line = Line { indent: inner, start, text };
                }
                items.push(self.block(inner, depth + 1));
            } else {
                self.next += 1;
                items.push(self.scalar(text, start));
            }
        }
        items
    }

    fn entries(&mut self, indent: usize, depth: u32) -> Vec<Entry> {
        let mut entries = Vec::new();
        while let Some(line) = self.lines.get(self.next).copied() {
            if line.indent < indent {
                break;
            }
            let Some((name, rest)) = key(line.text).filter(|_| line.indent == indent) else {
                // A text over several lines, or a form that is not read here.
                self.next += 1;
                continue;
            };
            self.next += 1;
            let text = rest.trim_start();
            let start = line.start + line.text.len() - text.len();
            let value = match text {
                "" => {
                    // A list may stand as far to the left as its name.
                    let is_list =
                        self.lines.get(self.next).is_some_and(|next| next.indent == indent && is_item(next.text));
                    self.block(if is_list { indent } else { indent + 1 }, depth + 1)
                }
                text => self.scalar(text, start),
            };
            let at = self.source.place(line.start..line.start + line.text.len());
            entries.push(Entry { key: name.into(), at, value });
        }
        entries
    }

    fn scalar(&self, text: &str, start: usize) -> Node {
        let at = self.source.place(start..start + text.len());
        if let Some(inner) = text.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
            let mut items = Vec::new();
            let mut offset = start + 1;
            for part in inner.split(',') {
                let bare = part.trim();
                if !bare.is_empty() && !bare.starts_with(['[', '{']) {
                    items.push(self.scalar(bare, offset + part.len() - part.trim_start().len()));
                }
                offset += part.len() + 1;
            }
            return Node { value: NodeValue::List(items), at };
        }
        let value = match text {
            "true" => NodeValue::Bool(true),
            "false" => NodeValue::Bool(false),
            "null" | "~" => NodeValue::Null,
            _ => match unquoted(text) {
                Some(inner) => NodeValue::Text(inner.into()),
                None if text.parse::<f64>().is_ok() => NodeValue::Number(text.into()),
                None => NodeValue::Text(text.into()),
            },
        };
        Node { value, at }
    }
}

fn is_item(text: &str) -> bool {
    text == "-" || text.starts_with("- ")
}

/// Splits a name from what follows its colon.
fn key(text: &str) -> Option<(&str, &str)> {
    if text.starts_with(['[', '{', '|', '>']) {
        return None;
    }
    let from = text
        .chars()
        .next()
        .filter(|c| matches!(c, '"' | '\''))
        .map_or(Some(0), |quote| text.get(1..)?.find(quote).map(|end| end + 2))?;
    let rest = text.get(from..)?;
    let colon =
        from + rest.match_indices(':').find(|(at, _)| matches!(rest.as_bytes().get(at + 1), None | Some(b' ')))?.0;
    let name = text.get(..colon)?;
    Some((unquoted(name).unwrap_or(name), text.get(colon + 1..)?))
}

fn unquoted(text: &str) -> Option<&str> {
    ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
}

/// Cuts a comment: a number sign behind a blank, outside of quotes.
fn without_comment(text: &str) -> &str {
    let mut quote = None;
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        match quote {
            Some(open) if character == open => quote = None,
            Some(_) => {}
            None if matches!(character, '"' | '\'') => quote = Some(character),
            None if character == '#' && before == ' ' => return text.get(..at).unwrap_or(text).trim_end(),
            None => {}
        }
        before = character;
    }
    text
}

/// Compose files are some six deep.
const DEEPEST: u32 = 50;
/// Lines of one file.
const MOST: usize = 20_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_lists_and_scalars_are_read_with_places() {
        let text = "a: 1 # one\nb:\n- x\n- y: \"two #\"\n  z: [p, 'q']\nc:\n  d: ~\n";
        let root = parse(&Source::new("c.yaml", text.as_bytes().to_vec()));
        let b = root.get("b").unwrap().items();
        assert_eq!(root.get("a").and_then(Node::whole), Some(1));
        assert_eq!(b[0].text(), Some("x"));
        assert_eq!(b[1].get("y").and_then(Node::text), Some("two #"));
        assert_eq!(b[1].get("z").unwrap().items()[1].text(), Some("q"));
        assert_eq!(b[1].get("z").unwrap().items()[1].at.to_string(), "c.yaml:5:10");
        assert_eq!(root.get("c").and_then(|c| c.get("d")).map(|d| d.value.clone()), Some(NodeValue::Null));
        for odd in ["", "- ", ":", "a\n b\n  c", "- - - -", "{a: b}", &" ".repeat(1000), "a:\n  - b:\n      - c:\n"] {
            parse(&Source::new("odd", odd.as_bytes().to_vec()));
        }
    }
}
