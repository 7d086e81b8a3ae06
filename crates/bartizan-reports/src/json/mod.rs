//! JSON as browsers, proxies and attackers write it: what one value is, read within bounds, written again.
//!
//! A reader of our own, because reports are worth keeping where a strict one gives up: half of a surrogate
//! pair cut off by a browser, a name said twice, a number too large for any type. Syntax is not forgiven:
//! what is no JSON (RFC 8259) is no report. Nothing is copied but strings with escapes.

mod members;
mod number;
mod object;
mod reader;
mod writer;

use std::borrow::Cow;

pub(crate) use members::{Members, blanks};
pub use number::Number;
pub(crate) use number::count;
pub use object::Object;
use reader::text_of;
pub use reader::{Fault, Limits, read};
pub use writer::write;
pub(crate) use writer::write_text;

/// A JSON value, borrowed from the text it was read from.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// A list.
    Array(Vec<Self>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// A number, as it was written.
    Number(Number<'a>),
    /// Names and values.
    Object(Object<'a>),
    /// A text; half of a surrogate pair became U+FFFD.
    String(Cow<'a, str>),
}

impl<'a> Value<'a> {
    /// Returns the members, if it is an object.
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            Self::Array(_) | Self::Bool(_) | Self::Null | Self::Number(_) | Self::String(_) => None,
        }
    }

    /// Returns the text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            Self::Array(_) | Self::Bool(_) | Self::Null | Self::Number(_) | Self::Object(_) => None,
        }
    }

    /// Returns a copy that borrows nothing.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Array(items) => Value::Array(items.into_iter().map(Value::into_owned).collect()),
            Self::Bool(is) => Value::Bool(is),
            Self::Null => Value::Null,
            Self::Number(number) => Value::Number(number.into_owned()),
            Self::Object(object) => Value::Object(object.into_owned()),
            Self::String(text) => Value::String(Cow::Owned(text.into_owned())),
        }
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::String(Cow::Borrowed(text))
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::String(Cow::Owned(text))
    }
}

impl From<u64> for Value<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number.into())
    }
}
