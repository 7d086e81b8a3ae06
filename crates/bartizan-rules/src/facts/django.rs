//! What Django's settings come to, in each state of the environment that makes a difference.

use std::collections::BTreeMap;

use super::provenance::Place;

/// A settings module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Django {
    /// Its dotted name.
    pub module: String,
    /// The release of Django that it is judged for.
    pub release: Release,
    /// The release of django-csp that is installed.
    pub csp: CspRelease,
    /// What the settings come to; that of the plainest environment first.
    pub outcomes: Vec<Outcome>,
    /// The beginning of the module's file, for what is nowhere.
    pub start: Place,
    /// The end of the module's file, where a setting can be added.
    pub end: Place,
    /// Whether the file can be changed, and ends with a line break.
    pub tail: Tail,
    /// Whether the settings lie among a project's sources, which others get to see.
    pub is_in_sources: bool,
}

/// How a settings file ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// It cannot be written again as it was.
    Fixed,
    /// Its last line is complete.
    Line,
    /// Its last line has no end.
    Open,
}

/// What the settings come to in one state of the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The settings that are set, by name.
    pub settings: BTreeMap<Box<str>, Setting>,
    /// Where and why they stop with an error, if they do.
    pub stopped: Option<Stopped>,
    /// How the environment differs from the plainest one, in words.
    pub when: Vec<String>,
    /// What the view for refused forms turned out to be.
    pub failure_view: FailureView,
}

/// An error that the settings end in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// Where.
    pub at: Place,
    /// What Python would say.
    pub message: String,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its value.
    pub item: Item,
    /// The statement that decides.
    pub at: Place,
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The value.
    pub value: Literal,
    /// Where it was written.
    pub at: Place,
    /// Whether it stands there literally, so that it can be replaced.
    pub is_literal: bool,
    /// The environment variables that it came from.
    pub variables: Vec<Box<str>>,
}

/// A value of Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// `True` or `False`.
    Bool(bool),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A dictionary.
    Dict(Vec<(Item, Item)>),
    /// A floating-point number, as it is written.
    Float(Box<str>),
    /// A whole number.
    Int(i128),
    /// A list.
    List(Vec<Item>),
    /// `None`.
    None,
    /// Something else, by its type.
    Other(Box<str>),
    /// A set.
    Set(Vec<Item>),
    /// A text.
    Text(Box<str>),
    /// A tuple.
    Tuple(Vec<Item>),
    /// It cannot be known.
    Unknown,
}

/// A release of Django.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Release {
    /// 5.2, with long-term support.
    #[default]
    V5_2,
    /// 6.1.
    V6_1,
}

/// A release of django-csp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum CspRelease {
    /// It is not installed.
    #[default]
    None,
    /// 3.x, with a setting for each directive.
    V3,
    /// 4.x, with one dictionary.
    V4,
}

/// What `CSRF_FAILURE_VIEW` turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FailureView {
    /// It cannot be imported.
    Absent,
    /// It fits, as far as can be known.
    #[default]
    Fits,
    /// Its module has no such view.
    Missing,
    /// It cannot be called as Django calls it.
    Unfit,
}

impl Outcome {
    /// Returns a setting, if it is set.
    pub fn setting(&self, name: &str) -> Option<&Setting> {
        self.settings.get(name)
    }

    /// Returns the value of a setting, if it is set.
    pub fn value(&self, name: &str) -> Option<&Literal> {
        self.setting(name).map(|setting| &setting.item.value)
    }
}

impl Literal {
    /// Whether it counts as true; nothing, if that cannot be known.
    pub fn truth(&self) -> Option<bool> {
        Some(match self {
            Self::Bool(yes) => *yes,
            Self::Bytes(bytes) => !bytes.is_empty(),
            Self::Dict(entries) => !entries.is_empty(),
            Self::Float(number) => number.parse() != Ok(0.0),
            Self::Int(number) => *number != 0,
            Self::List(items) | Self::Set(items) | Self::Tuple(items) => !items.is_empty(),
            Self::None => false,
            Self::Other(_) => true,
            Self::Text(text) => !text.is_empty(),
            Self::Unknown => return None,
        })
    }

    /// Returns the items of what has items.
    pub fn items(&self) -> Option<&[Item]> {
        match self {
            Self::List(items) | Self::Set(items) | Self::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// Returns the text, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns an entry of a dictionary.
    pub fn entry(&self, key: &str) -> Option<&Item> {
        match self {
            Self::Dict(entries) => {
                entries.iter().find(|(known, _)| known.value.text() == Some(key)).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Returns Python's name of its type.
    pub fn type_name(&self) -> &str {
        match self {
            Self::Bool(_) => "bool",
            Self::Bytes(_) => "bytes",
            Self::Dict(_) => "dict",
            Self::Float(_) => "float",
            Self::Int(_) => "int",
            Self::List(_) => "list",
            Self::None => "NoneType",
            Self::Other(name) => name,
            Self::Set(_) => "set",
            Self::Text(_) => "str",
            Self::Tuple(_) => "tuple",
            Self::Unknown => "object",
        }
    }
}
