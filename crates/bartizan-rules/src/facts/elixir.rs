//! Elixir configuration: what `config` lines say of an app.

use super::node::Node;
use super::provenance::Place;

/// A configuration file, or several that are read one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elixir {
    /// The `config` lines, in order.
    pub lines: Vec<ConfigLine>,
    /// Whether a container is declared beside it.
    pub is_in_container: bool,
    /// The beginning of the file.
    pub start: Place,
}

/// One `config` line: an app, a key, and what is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigLine {
    /// The app, such as `:pleroma`.
    pub app: Box<str>,
    /// The key or module, such as `Pleroma.Web.Endpoint`; empty where there is none.
    pub key: Box<str>,
    /// The keywords.
    pub value: Node,
    /// Where the line stands.
    pub at: Place,
}

impl Elixir {
    /// Returns a value of a key; a later line adds to an earlier one.
    pub fn get<'s>(&'s self, key: &'s str, name: &str) -> Option<&'s Node> {
        self.of(key).filter_map(|line| line.value.get(name)).last()
    }

    /// Returns the lines of a key.
    pub fn of<'s>(&'s self, key: &'s str) -> impl Iterator<Item = &'s ConfigLine> {
        self.lines.iter().filter(move |line| matches!(&*line.app, ":pleroma" | ":akkoma") && *line.key == *key)
    }
}
