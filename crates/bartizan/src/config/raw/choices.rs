//! The values that are one of a few words: each type's words, with what they mean, in one table.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};

/// A type whose values have names in the file.
pub(crate) trait Choices: Sized + Copy + PartialEq + 'static {
    /// The type's name in the schema.
    const NAME: &'static str;
    /// Every name, its value, and what it means.
    const CHOICES: &'static [(&'static str, Self, &'static str)];

    /// Returns the name of a value.
    fn word(self) -> &'static str {
        Self::CHOICES.iter().find(|(_, value, _)| *value == self).map_or("", |(name, _, _)| name)
    }
}

/// One of a few words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Choice<T>(pub(crate) T);

impl<'de, T: Choices> Deserialize<'de> for Choice<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl<T: Choices> std::str::FromStr for Choice<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = T::CHOICES.iter().find(|(name, _, _)| *name == text);
        found.map(|(_, value, _)| Self(*value)).ok_or_else(|| {
            let names: Vec<_> = T::CHOICES.iter().map(|(name, _, _)| *name).collect();
            format!("must be one of {}", names.join(", "))
        })
    }
}

impl<T: Choices> JsonSchema for Choice<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<_> = T::CHOICES.iter().map(|(name, _, _)| *name).collect();
        let meanings: Vec<_> = T::CHOICES.iter().map(|(_, _, meaning)| *meaning).collect();
        json_schema!({ "type": "string", "enum": names, "enumDescriptions": meanings })
    }
}
