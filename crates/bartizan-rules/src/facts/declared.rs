//! Header fields that a configuration makes a server send.
//!
//! nginx and Apache say it in different words; what is wrong with a field is the same.

use std::sync::Arc;

use super::blocks::{Blocks, NodeId};
use super::provenance::Provenance;
use crate::finding::{Edit, Safety};

/// What one server sends with its pages.
#[derive(Debug, Clone)]
pub struct Declared {
    /// Which program it is.
    pub authority: Authority,
    /// The server's own place.
    pub at: Provenance,
    /// Whether it sends pages, rather than redirects alone.
    pub has_pages: bool,
    /// The lines.
    pub lines: Vec<Line>,
    pub(super) insert: fn(&str, &str) -> String,
    pub(super) node: (Arc<Blocks>, NodeId),
}

/// A header line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The name, in lower case.
    pub name: String,
    /// The value, as it is written.
    pub value: String,
    /// Whether errors carry it, too.
    pub is_always: bool,
    /// Where it is set.
    pub at: Provenance,
    /// The directive that sets it.
    pub node: NodeId,
    /// Which of its words is the value.
    pub word: Option<usize>,
}

/// A program whose configuration says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    /// Apache HTTP Server.
    Apache,
    /// nginx.
    Nginx,
}

impl Authority {
    /// Returns the name of a fault as this program's reader knows it.
    pub fn id(self, id: &str) -> String {
        let name = match self {
            Self::Apache => "apache",
            Self::Nginx => "nginx",
        };
        format!("{name}:{id}")
    }
}

impl Declared {
    /// Returns the lines of a field.
    pub fn field<'a>(&'a self, name: &'a str) -> impl DoubleEndedIterator<Item = &'a Line> {
        self.lines.iter().filter(move |line| line.name == name)
    }

    /// Whether the field is sent.
    pub fn sends(&self, name: &str) -> bool {
        self.field(name).next().is_some()
    }

    /// Returns the change that adds a field.
    pub fn with(&self, name: &str, value: &str, safety: Safety) -> Option<Edit> {
        let (blocks, id) = &self.node;
        let server = blocks.at(*id);
        let text = (self.insert)(name, &quoted(value));
        // Beside its own fields: where there are none, those of the block around it would be lost.
        let beside = self.lines.iter().map(|line| blocks.at(line.node));
        match beside.into_iter().find(|node| !node.is("more_set_headers")) {
            Some(node) => Some(node.with_before(&text, safety)),
            None => server.with_child(&text, safety),
        }
    }

    /// Returns the change that gives a line another value.
    pub fn with_value(&self, line: &Line, value: &str, safety: Safety) -> Option<Edit> {
        self.node.0.at(line.node).with_word(line.word?, &quoted(value), safety)
    }

    /// Returns the change that takes a line away.
    pub fn without(&self, line: &Line, safety: Safety) -> Edit {
        self.node.0.at(line.node).without(safety)
    }
}

/// A value stands in quotes where it has to.
fn quoted(value: &str) -> String {
    if value.chars().all(|c| c.is_ascii_alphanumeric() || "-=/.".contains(c)) {
        return value.to_owned();
    }
    format!("\"{value}\"")
}
