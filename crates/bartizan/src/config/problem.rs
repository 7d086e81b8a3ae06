//! What is wrong with a configuration, where, and what would mend it.

use std::fmt::Write as _;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// How grave a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// The configuration is not used.
    Error,
    /// The configuration is used, and the operator should know.
    Warning,
}

/// One problem of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// How grave it is.
    pub gravity: Gravity,
    /// What is wrong, in one line.
    pub message: String,
    /// What to say at the place itself.
    pub label: String,
    /// The bytes of the file; nothing when it stands in no file.
    pub span: Option<Range<usize>>,
    /// What would mend it.
    pub hint: Option<String>,
    /// The key whose value was left out because of it.
    pub(crate) key: Option<String>,
}

impl Problem {
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self {
            gravity: Gravity::Error,
            message: message.into(),
            label: String::new(),
            span: None,
            hint: None,
            key: None,
        }
    }

    pub(crate) fn warning(message: impl Into<String>) -> Self {
        Self { gravity: Gravity::Warning, ..Self::error(message) }
    }

    /// Adds the place; an empty range stands for a value from elsewhere.
    pub(crate) fn at(mut self, span: Range<usize>) -> Self {
        self.span = (!span.is_empty()).then_some(span);
        self
    }

    pub(crate) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Every problem of one configuration, with the text it was found in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The file's name, as it was given.
    pub path: String,
    /// The file's text.
    pub text: String,
    /// The problems.
    pub problems: Vec<Problem>,
}

impl Report {
    /// Whether the configuration cannot be used.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.gravity == Gravity::Error)
    }

    /// Writes the problems for people, in the order of the file.
    pub fn render(&self, colour: Colour, width: usize) -> String {
        let renderer = match colour {
            Colour::Always => Renderer::styled(),
            Colour::Never => Renderer::plain(),
        };
        let renderer = renderer.decor_style(DecorStyle::Unicode).term_width(width);
        let mut sorted: Vec<_> = self.problems.iter().collect();
        sorted.sort_by_key(|problem| (problem.span.as_ref().map_or(usize::MAX, |span| span.start), problem.gravity));
        let mut text = String::new();
        for problem in sorted {
            text.push_str(&renderer.render(&[self.group(problem)]));
            text.push_str("\n\n");
        }
        let count = |gravity| self.problems.iter().filter(|problem| problem.gravity == gravity).count();
        let _ = match (count(Gravity::Error), count(Gravity::Warning)) {
            (0, 0) => Ok(()),
            (0, warnings) => writeln!(text, "{}", plural(warnings, "warning")),
            (errors, 0) => writeln!(text, "{}", plural(errors, "error")),
            (errors, warnings) => writeln!(text, "{}, {}", plural(errors, "error"), plural(warnings, "warning")),
        };
        text
    }

    fn group<'a>(&'a self, problem: &'a Problem) -> Group<'a> {
        let level = match problem.gravity {
            Gravity::Error => Level::ERROR,
            Gravity::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(&problem.message));
        if let Some(span) = &problem.span {
            let annotation = AnnotationKind::Primary.span(first_line(&self.text, span));
            let annotation = if problem.label.is_empty() { annotation } else { annotation.label(&problem.label) };
            group = group.element(Snippet::source(&self.text).path(&self.path).annotation(annotation));
        } else if !problem.label.is_empty() {
            group = group.element(Level::NOTE.message(&problem.label));
        }
        match &problem.hint {
            Some(hint) => group.element(Level::HELP.message(hint)),
            None => group,
        }
    }
}

/// Whether colours are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// They are.
    Always,
    /// They are not.
    Never,
}

/// Cuts a span off at the end of its line: a caret under a whole table helps nobody.
fn first_line(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = span.start.min(text.len());
    let end = span.end.min(text.len());
    let line = text.get(start..end).and_then(|text| text.find('\n')).map_or(end, |length| start + length);
    start..line.max(start)
}

fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}
