//! A configuration as it is written for a person: tables, lines, and what could not be carried over.

use std::fmt::Write as _;

/// A configuration that is being written.
#[derive(Debug, Default)]
pub(super) struct Written {
    body: String,
    notes: Vec<String>,
}

impl Written {
    /// Begins a table.
    pub(super) fn table(&mut self, name: &str) -> &mut Self {
        let gap = if self.body.is_empty() { "" } else { "\n" };
        let _ = writeln!(self.body, "{gap}{name}");
        self
    }

    /// Writes a key and a value that is TOML already.
    pub(super) fn raw(&mut self, key: &str, value: &str) -> &mut Self {
        let _ = writeln!(self.body, "{key} = {value}");
        self
    }

    /// Writes a key and a text.
    pub(super) fn text_value(&mut self, key: &str, value: &str) -> &mut Self {
        self.raw(key, &quoted(value))
    }

    /// Writes a key and a list of texts.
    pub(super) fn list(&mut self, key: &str, values: &[String]) -> &mut Self {
        let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        self.raw(key, &format!("[{}]", values.join(", ")))
    }

    /// Says what could not be carried over, or was on purpose not.
    pub(super) fn note(&mut self, note: impl Into<String>) -> &mut Self {
        self.notes.push(note.into());
        self
    }

    /// Makes a line of the tables a comment.
    pub(super) fn set_aside(&mut self, line: usize) {
        let mut lines: Vec<String> = self.body.lines().map(str::to_owned).collect();
        if let Some(line) = lines.get_mut(line) {
            line.insert_str(0, "# ");
        }
        self.body = lines.join("\n") + "\n";
    }

    /// Returns the tables without the notes.
    pub(super) fn body(&self) -> &str {
        &self.body
    }

    /// Returns what could not be carried over.
    pub(super) fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Returns the whole file; the notes stand at its head, where whoever opens it reads them first.
    pub(super) fn text(&self) -> String {
        let notes: String = self.notes.iter().map(|note| format!("# {}\n", plain(note))).collect();
        let gap = if notes.is_empty() { "" } else { "\n" };
        format!("{notes}{gap}{}", self.body)
    }
}

/// Returns a text as TOML writes it, on one line: what cannot stay is made a comment by lines.
pub(super) fn quoted(text: &str) -> String {
    if !text.chars().any(char::is_control) && !text.contains("'''") {
        return toml::Value::String(text.to_owned()).to_string();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A comment is one line, and shows nothing that a terminal would act on.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_texts_stay_texts() {
        let mut written = Written::default();
        written.table("[site]").text_value("a", "x\"\n[server]\nb = 1").note("line\none");
        let text = written.text();
        let read: toml::Table = text.parse().unwrap();
        assert_eq!(read["site"]["a"].as_str(), Some("x\"\n[server]\nb = 1"));
        assert_eq!(read.len(), 1);
        assert!(text.starts_with("# line\u{fffd}one\n"));
    }

    #[test]
    fn every_text_is_one_line() {
        for text in ["a\nb", "'\"\n", "\"\"\"", "'''\"", "\\", "\r\n\t", "\u{7f}\u{0}", "a 'b' \"c\""] {
            let quoted = quoted(text);
            assert!(!quoted.contains('\n'), "{quoted}");
            let read: toml::Table = format!("a = {quoted}").parse().unwrap();
            assert_eq!(read["a"].as_str(), Some(text));
        }
    }
}
