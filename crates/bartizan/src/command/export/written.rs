//! A configuration as it is being written: lines and blocks in another program's syntax, and what could not be said.
//!
//! What comes from outside is a [`Arg::Text`], which the target's own rules quote; only what is written in this program's
//! sources is a [`Arg::Raw`]. So no host name and no path can begin a directive of its own.

use std::fmt::Write as _;

use crate::output::wrap;

/// One argument of a directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Arg {
    /// The target's own syntax, made here.
    Raw(String),
    /// A text, whatever it holds.
    Text(String),
}

/// Returns a piece of the target's own syntax.
pub(super) fn raw(text: impl Into<String>) -> Arg {
    Arg::Raw(text.into())
}

/// Returns a text that will be quoted.
pub(super) fn text(text: impl Into<String>) -> Arg {
    Arg::Text(text.into())
}

/// How a target writes texts and ends its lines.
#[derive(Debug, Clone, Copy)]
pub(super) struct Syntax {
    /// Returns a text as one argument; nothing, where the target has no way to write it.
    pub(super) quote: fn(&str) -> Option<String>,
    /// Whether a text of letters and digits stands without quotes.
    pub(super) plain: Plain,
    /// What ends a directive.
    pub(super) end: &'static str,
    /// One level of indentation.
    pub(super) indent: &'static str,
}

/// How a text that no syntax could misread is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    /// As it is.
    Bare,
    /// As any other text.
    Quoted,
}

impl Syntax {
    /// Returns a text as one argument.
    fn written(self, text: &str) -> Option<String> {
        let is_harmless = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | ':' | '-' | '_');
        let is_bare = self.plain == Plain::Bare
            && text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/')
            && text.chars().all(is_harmless);
        if is_bare { Some(text.to_owned()) } else { (self.quote)(text) }
    }
}

/// A configuration that is being written.
#[derive(Debug)]
pub(super) struct Written {
    syntax: Syntax,
    body: String,
    notes: Vec<String>,
    depth: usize,
}

impl Written {
    /// Begins a configuration.
    pub(super) fn new(syntax: Syntax) -> Self {
        Self { syntax, body: String::new(), notes: Vec::new(), depth: 0 }
    }

    /// Writes a directive; one with a text that the target cannot write is left out, and that is said.
    pub(super) fn say(&mut self, name: &str, args: &[Arg]) {
        if let Some(line) = self.joined(name, args) {
            self.line(&format!("{line}{}", self.syntax.end));
        }
    }

    /// Begins a block: a directive, and what opens it.
    pub(super) fn open(&mut self, name: &str, args: &[Arg], opening: &str) {
        // Without its first line a block would be the block around it; what cannot be written stands empty instead.
        let line = self.joined(name, args).unwrap_or_else(|| name.to_owned());
        self.line(&format!("{line}{opening}"));
        self.depth += 1;
    }

    /// Ends a block.
    pub(super) fn close(&mut self, closing: &str) {
        self.depth = self.depth.saturating_sub(1);
        if !closing.is_empty() {
            self.line(closing);
        }
    }

    /// Writes an empty line, unless one stands there.
    pub(super) fn gap(&mut self) {
        if !self.body.is_empty() && !self.body.ends_with("\n\n") {
            self.body.push('\n');
        }
    }

    /// Writes a comment, over as many lines as it needs.
    pub(super) fn comment(&mut self, comment: &str) {
        for line in wrap(&plain(comment), WIDTH) {
            self.line(&format!("# {line}"));
        }
    }

    /// Writes a comment that a program reads, on one line whatever its length.
    pub(super) fn marker(&mut self, marker: &'static str) {
        self.line(&format!("# {marker}"));
    }

    /// Says what is not carried over, once.
    pub(super) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// Returns what is not carried over.
    pub(super) fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Returns the whole file: what it is, what is missing in it, and its body.
    pub(super) fn text(&self, heading: &[String]) -> String {
        let mut head = Self::new(self.syntax);
        heading.iter().for_each(|line| head.comment(line));
        if !self.notes.is_empty() {
            head.line("#");
            head.comment("Not carried over:");
        }
        for note in &self.notes {
            for (number, line) in wrap(&plain(note), WIDTH - 2).iter().enumerate() {
                head.line(&format!("# {} {line}", if number == 0 { '-' } else { ' ' }));
            }
        }
        format!("{}\n{}", head.body, self.body)
    }

    fn joined(&mut self, name: &str, args: &[Arg]) -> Option<String> {
        let mut line = name.to_owned();
        for arg in args {
            let written = match arg {
                Arg::Raw(text) => text.clone(),
                Arg::Text(text) => match self.syntax.written(text) {
                    Some(quoted) => quoted,
                    None => {
                        self.note(format!("{}: there is no way to write {text:?} there", line.trim()));
                        return None;
                    }
                },
            };
            if !line.is_empty() && !line.ends_with(['=', ' ']) {
                line.push(' ');
            }
            line.push_str(&written);
        }
        Some(line)
    }

    fn line(&mut self, line: &str) {
        if line.is_empty() {
            return;
        }
        // Writing to a string cannot fail.
        let _ = writeln!(self.body, "{}{line}", self.syntax.indent.repeat(self.depth));
    }
}

/// A comment is one line, and shows nothing that a terminal would act on.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// The longest line of a comment.
const WIDTH: usize = 110;

#[cfg(test)]
mod tests {
    use super::*;

    const SYNTAX: Syntax = Syntax {
        quote: |text| (!text.contains('$')).then(|| format!("\"{}\"", text.replace('"', "\\\""))),
        plain: Plain::Bare,
        end: ";",
        indent: "  ",
    };

    #[test]
    fn what_comes_from_outside_stays_one_argument() {
        let mut out = Written::new(SYNTAX);
        out.open("server", &[], " {");
        out.say("name", &[text("a\"; evil \""), raw("always")]);
        out.say("file", &[text("$HOME")]);
        out.say("path", &[text("/a/b.pem")]);
        out.comment("one\ntwo");
        out.close("}");
        let whole = out.text(&["What it is".to_owned()]);
        assert_eq!(
            whole,
            "# What it is\n#\n# Not carried over:\n# - file: there is no way to write \"$HOME\" there\n\n\
             server {\n  name \"a\\\"; evil \\\"\" always;\n  path /a/b.pem;\n  # one\u{fffd}two\n}\n"
        );
    }
}
