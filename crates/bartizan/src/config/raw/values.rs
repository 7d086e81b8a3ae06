//! The values that are written as text or a number: each is read by its own parser, once.
//!
//! The parser's name stands in the schema as `format`, so the check of a file, which walks the schema,
//! finds every bad value and its place before anything is built.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, Range};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

pub(crate) use super::super::words::*;

/// A value and its place in the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct At<T>(Spanned<T>);

impl<T> At<T> {
    /// Returns a value that stands in no file.
    pub(crate) fn nowhere(value: T) -> Self {
        Self(Spanned::new(0..0, value))
    }

    /// Returns the value to change it.
    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.0.get_mut()
    }

    /// Returns the bytes of the file that it spans; an empty range for a value from elsewhere.
    pub(crate) fn span(&self) -> Range<usize> {
        self.0.span()
    }
}

impl<T: Default> Default for At<T> {
    fn default() -> Self {
        Self::nowhere(T::default())
    }
}

impl<T> Deref for At<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.get_ref()
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// A value with a parser of its own.
pub(crate) trait Word: Sized + Send + Sync + 'static {
    /// The parser's name in the schema; unique.
    const FORMAT: &'static str;
    /// An example of what may be written.
    const EXAMPLE: &'static str;

    /// Reads text.
    fn read(text: &str) -> Result<Self, String>;

    /// Reads a number, where one may be written.
    fn read_number(_number: i64) -> Result<Self, String> {
        Err(format!("must be text, such as {}", Self::EXAMPLE))
    }

    /// Returns what may be written.
    fn schema() -> Schema {
        json_schema!({ "type": "string", "format": Self::FORMAT, "examples": [Self::EXAMPLE] })
    }
}

/// A word as it stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written<T>(pub(crate) T);

impl<'de, T: Word> Deserialize<'de> for Written<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordVisitor(PhantomData))
    }
}

impl<T: Word> JsonSchema for Written<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::FORMAT.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        T::schema()
    }
}

/// A word, or `"none"`, which switches the thing off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OrNone<T>(pub(crate) Option<T>);

impl<'de, T: Word> Deserialize<'de> for OrNone<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordVisitor(PhantomData))
    }
}

impl<T: Word> JsonSchema for OrNone<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{} or none", T::FORMAT).into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [{ "const": "none" }, T::schema()] })
    }
}

/// What a visitor of words gives back.
trait FromWord: Sized {
    fn from_text(text: &str) -> Result<Self, String>;
    fn from_number(number: i64) -> Result<Self, String>;
}

impl<T: Word> FromWord for Written<T> {
    fn from_text(text: &str) -> Result<Self, String> {
        T::read(text).map(Self)
    }

    fn from_number(number: i64) -> Result<Self, String> {
        T::read_number(number).map(Self)
    }
}

impl<T: Word> FromWord for OrNone<T> {
    fn from_text(text: &str) -> Result<Self, String> {
        if text == "none" { Ok(Self(None)) } else { T::read(text).map(|word| Self(Some(word))) }
    }

    fn from_number(number: i64) -> Result<Self, String> {
        T::read_number(number).map(|word| Self(Some(word)))
    }
}

struct WordVisitor<T>(PhantomData<T>);

impl<T: FromWord> Visitor<'_> for WordVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text or a number")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        T::from_text(text).map_err(E::custom)
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<T, E> {
        T::from_number(number).map_err(E::custom)
    }
}
