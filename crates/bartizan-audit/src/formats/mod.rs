//! The formats that are read, one folder each.

pub mod apache;
mod glob;
pub mod nginx;

use std::ops::Range;
use std::sync::Arc;

use bartizan_rules::Place;

use crate::source::Source;

/// What was read, and what could not be.
#[derive(Debug)]
pub struct Reading<T> {
    /// What was read.
    pub value: T,
    /// What could not be, each with its place.
    pub problems: Vec<Problem>,
}

/// A part of a file that cannot be read, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it is.
    pub at: Place,
    /// What is wrong.
    pub message: String,
}

impl Problem {
    fn new(span: Range<usize>, line: usize, message: impl Into<String>) -> Self {
        Self { at: Place { path: Arc::from(""), line, column: 1, span }, message: message.into() }
    }

    /// Says in which file it is.
    fn within(self, source: &Source) -> Self {
        self.at(source.path(), source.text())
    }

    fn at(self, path: &Arc<str>, text: &str) -> Self {
        Self { at: Place::of(path, text, self.at.span), ..self }
    }
}
pub mod compose;
pub mod django;
pub mod dockerfile;
pub mod elixir;
pub mod environment;
pub mod krakend;
pub mod systemd;
