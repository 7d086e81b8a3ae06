//! Where each effective value comes from.

use std::collections::BTreeMap;
use std::fmt;

use toml::de::{DeTable, DeValue};

/// The place that a value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A flag of the command line.
    CommandLine(&'static str),
    /// Built in.
    Default,
    /// A variable of the environment.
    Environment(&'static str),
    /// A line of the file, counted from one.
    File(usize),
    /// A profile.
    Profile(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine(flag) => write!(f, "command line, {flag}"),
            Self::Default => f.write_str("default"),
            Self::Environment(name) => write!(f, "environment, {name}"),
            Self::File(line) => write!(f, "line {line}"),
            Self::Profile(name) => write!(f, "profile {name}"),
        }
    }
}

/// The keys that were said somewhere, by their path, such as `site[0].headers.hsts`.
#[derive(Debug, Clone, Default)]
pub struct Origins(BTreeMap<String, Origin>);

impl Origins {
    /// Returns the places of every key in a file.
    pub(crate) fn of_file(table: &DeTable<'_>, text: &str) -> Self {
        let lines: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        let mut origins = Self::default();
        origins.table(table, "", &|at| lines.partition_point(|&end| end < at) + 1);
        origins
    }

    fn table(&mut self, table: &DeTable<'_>, path: &str, line: &dyn Fn(usize) -> usize) {
        for (key, value) in table {
            let path = if path.is_empty() { key.get_ref().to_string() } else { format!("{path}.{}", key.get_ref()) };
            self.0.insert(path.clone(), Origin::File(line(key.span().start)));
            match value.get_ref() {
                DeValue::Table(table) => self.table(table, &path, line),
                DeValue::Array(items) => {
                    for (index, item) in items.iter().enumerate() {
                        if let DeValue::Table(table) = item.get_ref() {
                            let path = format!("{path}[{index}]");
                            self.0.insert(path.clone(), Origin::File(line(item.span().start)));
                            self.table(table, &path, line);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    pub(crate) fn insert(&mut self, path: impl Into<String>, origin: Origin) {
        self.0.insert(path.into(), origin);
    }

    /// Returns where a key was said, if it was.
    pub fn of(&self, path: &str) -> Option<&Origin> {
        self.0.get(path)
    }
}
