//! A tree of values with places, as JSON and YAML write them.

use super::provenance::Place;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The value.
    pub value: NodeValue,
    /// Where it stands.
    pub at: Place,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeValue {
    /// True or false.
    Bool(bool),
    /// A list.
    List(Vec<Node>),
    /// Names and values, in the order of the file.
    Map(Vec<Entry>),
    /// Nothing.
    Null,
    /// A number, as it is written.
    Number(Box<str>),
    /// A text.
    Text(Box<str>),
}

/// A name and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name.
    pub key: Box<str>,
    /// Where the name stands.
    pub at: Place,
    /// The value.
    pub value: Node,
}

impl Node {
    /// Returns the entries, if it is a map.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            NodeValue::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Returns the items, if it is a list.
    pub fn items(&self) -> &[Self] {
        match &self.value {
            NodeValue::List(items) => items,
            _ => &[],
        }
    }

    /// Returns an entry by its name; of several the last, as readers of JSON do.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().rev().find(|entry| *entry.key == *key)
    }

    /// Returns a value by its name.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// Returns the text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the truth, if it is one.
    pub const fn bool(&self) -> Option<bool> {
        match self.value {
            NodeValue::Bool(yes) => Some(yes),
            _ => None,
        }
    }

    /// Returns the number without its fraction, if it is one.
    pub fn whole(&self) -> Option<i64> {
        match &self.value {
            NodeValue::Number(text) => text.parse::<f64>().ok().map(|number| number.trunc() as i64),
            _ => None,
        }
    }

    /// Returns the word for what kind of value it is.
    pub const fn kind(&self) -> &'static str {
        match self.value {
            NodeValue::Bool(_) => "a truth value",
            NodeValue::List(_) => "a list",
            NodeValue::Map(_) => "an object",
            NodeValue::Null => "null",
            NodeValue::Number(_) => "a number",
            NodeValue::Text(_) => "a text",
        }
    }
}
