//! A systemd unit: its assignments in the order in which they count, each with its place.

use super::Place;

/// A unit with its drop-ins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Systemd {
    /// The name of the unit, such as `app.service` or `app@.service`.
    pub name: String,
    /// The version of the manager that runs it.
    pub version: u16,
    /// Every assignment, those of drop-ins after those of the unit's own file.
    pub lines: Vec<Assignment>,
    /// The start of the section for services in the unit's own file; the start of the file where there is none.
    pub service: Place,
    /// Where a line break and another line can be added to that section.
    pub room: Option<Place>,
    /// Why the manager cannot read a file of it at all, and where.
    pub unreadable: Option<(Place, &'static str)>,
    /// Whether its own file is empty, which masks it.
    pub is_masked: bool,
}

/// One assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// The section, without its brackets.
    pub section: String,
    /// The name before the sign.
    pub key: String,
    /// What follows, with continued lines joined.
    pub value: String,
    /// Where the assignment stands.
    pub at: Place,
    /// Where the value stands.
    pub value_at: Place,
    /// Whether it stands in the unit's own file, not in a drop-in.
    pub is_own: bool,
}

impl Systemd {
    /// Returns the assignments of a section to a name, in their order.
    pub fn each<'a>(&'a self, section: &'a str, key: &'a str) -> impl DoubleEndedIterator<Item = &'a Assignment> {
        self.lines.iter().filter(move |line| line.section == section && line.key == key)
    }

    /// Returns the last assignment of a section to a name.
    pub fn last<'a>(&'a self, section: &'a str, key: &'a str) -> Option<&'a Assignment> {
        self.each(section, key).next_back()
    }

    /// Whether it is a service.
    pub fn is_service(&self) -> bool {
        self.name.ends_with(".service")
    }

    /// Returns the name without its kind and its instance.
    pub fn prefix(&self) -> &str {
        let stem = self.name.strip_suffix(".service").unwrap_or(&self.name);
        stem.split('@').next().unwrap_or_default()
    }

    /// Returns the instance; a template is tried with `i`, as the program tries it.
    pub fn instance(&self) -> &str {
        let stem = self.name.strip_suffix(".service").unwrap_or(&self.name);
        match stem.split_once('@') {
            None => "",
            Some((_, "")) => "i",
            Some((_, instance)) => instance,
        }
    }
}
