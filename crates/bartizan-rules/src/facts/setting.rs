//! Environment variables as files set them, for an app or a container.

use super::provenance::Place;

/// The variables that one file, or one service of it, sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variables {
    /// What kind of file it is.
    pub carrier: Carrier,
    /// Its variables, in order.
    pub items: Vec<Variable>,
    /// Whether anybody on the machine may read the file, where that is known.
    pub is_world_readable: bool,
    /// The beginning of the file.
    pub start: Place,
}

/// What carries variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// A service of a Compose file.
    Compose,
    /// An image: whoever gets it can read them.
    Dockerfile,
    /// A file of variables.
    File,
}

/// One variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: Box<str>,
    /// Its value, without quotes; nothing where it is passed on from elsewhere.
    pub value: Option<Box<str>>,
    /// Where the line stands.
    pub at: Place,
    /// Where the value stands, quotes and all.
    pub value_at: Place,
}

impl Variables {
    /// Returns a variable that has a value; the last of several counts.
    pub fn get(&self, name: &str) -> Option<(&Variable, &str)> {
        let found = self.items.iter().rev().find(|variable| *variable.name == *name)?;
        Some((found, found.value.as_deref()?))
    }

    /// Whether the variables are those of OpenKAT.
    pub fn is_openkat(&self) -> bool {
        ["BYTES_PASSWORD", "KATALOGUS_DB_PASSWORD", "ROCKY_DB_PASSWORD", "DJANGO_ALLOWED_HOSTS", "BYTES_DB_PASSWORD"]
            .iter()
            .any(|name| self.items.iter().any(|variable| *variable.name == **name))
    }
}
