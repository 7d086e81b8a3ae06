//! The members of a JSON object, in the order written; of a name said twice the last counts.

use std::borrow::Cow;
use std::collections::HashSet;

use super::Value;

/// Names and values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Object<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Object<'a> {
    /// Returns an empty object with room for so many members.
    pub fn with_capacity(members: usize) -> Self {
        Self(Vec::with_capacity(members))
    }

    /// Returns the value of a name.
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.0.iter().rev().find_map(|(known, value)| (known == name).then_some(value))
    }

    /// Returns the text of a name, if it is one and not empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// Whether the name is there, whatever its value.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes the value of a name out; what was said of it before stays hidden.
    pub fn take(&mut self, name: &str) -> Option<Value<'a>> {
        let place = self.0.iter().rposition(|(known, _)| known == name)?;
        let (_, value) = self.0.remove(place);
        self.0.retain(|(known, _)| known != name);
        Some(value)
    }

    /// Adds a member.
    pub fn push(&mut self, name: impl Into<Cow<'a, str>>, value: Value<'a>) {
        self.0.push((name.into(), value));
    }

    /// Returns the members as they were written.
    pub fn iter(&self) -> impl Iterator<Item = &(Cow<'a, str>, Value<'a>)> {
        self.0.iter()
    }

    /// Returns the members, to be changed.
    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut (Cow<'a, str>, Value<'a>)> {
        self.0.iter_mut()
    }

    /// Keeps of each name what was said last, here and below.
    pub(crate) fn into_unique(mut self) -> Self {
        let has_repeats = match self.0.len() {
            0 | 1 => false,
            len if len <= FEW => self
                .0
                .iter()
                .enumerate()
                .any(|(at, (name, _))| self.0.iter().skip(at + 1).any(|(other, _)| other == name)),
            len => self.0.iter().map(|(name, _)| name).collect::<HashSet<_>>().len() < len,
        };
        if has_repeats {
            let mut seen = HashSet::new();
            let mut kept: Vec<_> = self.0.into_iter().rev().filter(|(name, _)| seen.insert(name.clone())).collect();
            kept.reverse();
            self.0 = kept;
        }
        for (_, value) in &mut self.0 {
            make_unique(value);
        }
        self
    }

    /// Returns a copy that borrows nothing.
    pub(crate) fn into_owned(self) -> Object<'static> {
        let own = |(name, value): (Cow<'a, str>, Value<'a>)| (Cow::Owned(name.into_owned()), value.into_owned());
        Object(self.0.into_iter().map(own).collect())
    }
}

/// The reader bounds how deep this goes.
fn make_unique(value: &mut Value<'_>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(make_unique),
        Value::Object(object) => *object = std::mem::take(object).into_unique(),
        Value::Bool(_) | Value::Null | Value::Number(_) | Value::String(_) => {}
    }
}

/// Up to here, comparing each with each costs less than a table.
const FEW: usize = 24;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_a_name_counts() {
        let mut object = Object::default();
        for (name, value) in [("a", 1), ("b", 2), ("a", 3)] {
            object.push(name, Value::from(value));
        }
        assert_eq!(object.get("a"), Some(&Value::from(3)));
        let unique = object.clone().into_unique();
        assert_eq!(unique.iter().map(|(name, _)| name.as_ref()).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(object.take("a"), Some(Value::from(3)));
        assert_eq!(object.take("a"), None);
    }
}
