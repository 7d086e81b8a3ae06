//! What every header type can do: be read leniently, be read strictly, be written, be tightened.
//!
//! Reading never fails and never panics; what had to be overlooked is kept as notes. It does not
//! read header maps: callers hand over the lines of one field.

use std::fmt;

use http::HeaderName;

/// A header field that has a type of its own.
///
/// `Display` writes the canonical form, and `parse` of that form gives the same value back.
pub trait Field: Sized + fmt::Display {
    /// The name of the field.
    const NAME: HeaderName;

    /// Returns what a browser would make of these lines of one field, in the order they came.
    fn parse(lines: &[&str]) -> Parsed<Self>;

    /// Returns the value of one line a person wrote; anything overlooked is an error.
    fn strict(text: &str) -> Result<Self, Notes> {
        let parsed = Self::parse(&[text]);
        match parsed.value {
            Some(value) if parsed.notes.is_empty() => Ok(value),
            Some(_) => Err(Notes(parsed.notes)),
            None if parsed.notes.is_empty() => Err(Notes(vec![Note::Empty])),
            None => Err(Notes(parsed.notes)),
        }
    }
}

/// A header of which the stricter of two can be told.
pub trait Tighten: Clone {
    /// Returns the app's value where it is at least as strict as ours, else ours.
    ///
    /// The result is never looser than `self`, the app's; where neither is stricter, the app's stands.
    fn tighten(&self, ours: &Self) -> Self;
}

/// What a browser would make of a header, and what it had to overlook to get there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed<T> {
    /// The value a browser would act on; nothing when it would ignore the field.
    pub value: Option<T>,
    /// What was overlooked, in the order it was met.
    pub notes: Vec<Note>,
}

impl<T> Parsed<T> {
    /// Returns the outcome for a field that was not sent.
    pub const fn absent() -> Self {
        Self { value: None, notes: Vec::new() }
    }

    /// Returns the outcome for a field that a browser would act on.
    pub const fn accepted(value: T, notes: Vec<Note>) -> Self {
        Self { value: Some(value), notes }
    }

    /// Returns the outcome for a field that a browser would ignore because of the last note.
    pub fn rejected(mut notes: Vec<Note>, because: Note) -> Self {
        notes.push(because);
        Self { value: None, notes }
    }
}

impl<T: Tighten> Parsed<T> {
    /// Returns the stricter of the app's value and ours; a field that a browser ignores counts as unsaid.
    pub fn tighten(&self, ours: &T) -> T {
        self.value.as_ref().map_or_else(|| ours.clone(), |app| app.tighten(ours))
    }
}

/// One thing overlooked while reading a header.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// Two parts contradict each other; the named one was acted on.
    Conflict(String),
    /// A part was said twice where once is allowed.
    Duplicate(String),
    /// Nothing was said.
    Empty,
    /// A part has a value that it cannot have.
    Invalid {
        /// The part, such as a directive's name.
        part: String,
        /// The value as it was written.
        value: String,
    },
    /// A part that must be there is not.
    Missing(&'static str),
    /// A part that browsers no longer act on.
    Obsolete(String),
    /// The field came in several lines, and only the first counts.
    RepeatedField,
    /// The text does not follow the grammar.
    Syntax(String),
    /// A part that is not known, and therefore without effect.
    Unknown(String),
}

impl Note {
    pub(crate) fn invalid(part: &str, value: &str) -> Self {
        Self::Invalid { part: excerpt(part), value: excerpt(value) }
    }

    pub(crate) fn duplicate(part: &str) -> Self {
        Self::Duplicate(excerpt(part))
    }

    pub(crate) fn syntax(text: &str) -> Self {
        Self::Syntax(excerpt(text))
    }

    pub(crate) fn unknown(part: &str) -> Self {
        Self::Unknown(excerpt(part))
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict(winner) => write!(f, "contradicts itself; browsers act on {winner:?}"),
            Self::Duplicate(part) => write!(f, "{part:?} is said twice"),
            Self::Empty => f.write_str("is empty"),
            Self::Invalid { part, value } => write!(f, "{part:?} cannot be {value:?}"),
            Self::Missing(part) => write!(f, "{part:?} is missing"),
            Self::Obsolete(part) => write!(f, "{part:?} is obsolete and has no effect"),
            Self::RepeatedField => f.write_str("is sent more than once; only the first counts"),
            Self::Syntax(text) => write!(f, "cannot be read at {text:?}"),
            Self::Unknown(part) => write!(f, "{part:?} is not known and has no effect"),
        }
    }
}

/// All that a strict reading objects to; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(Note::to_string).collect::<Vec<_>>().join("; "))]
pub struct Notes(pub Vec<Note>);

/// Returns the first line and notes that there were more (RFC 9110, 5.3: such a field must come once).
pub(crate) fn first_line<'a>(lines: &[&'a str], notes: &mut Vec<Note>) -> Option<&'a str> {
    let (first, rest) = lines.split_first()?;
    if !rest.is_empty() {
        notes.push(Note::RepeatedField);
    }
    Some(crate::syntax::trim(first))
}

/// Returns at most sixty characters: a note must not carry a foreign text of any length into a log.
fn excerpt(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hsts;

    #[test]
    fn strict_reading_turns_notes_into_errors() {
        for (text, error) in [
            ("max-age=1", None),
            ("max-age=1; colour=red", Some("\"colour\" is not known and has no effect")),
            ("", Some("\"max-age\" is missing")),
        ] {
            assert_eq!(Hsts::strict(text).err().map(|e| e.to_string()).as_deref(), error, "{text}");
        }
    }

    #[test]
    fn notes_quote_no_more_than_a_line() {
        let Note::Unknown(text) = Note::unknown(&"x".repeat(5000)) else { panic!("another note") };
        assert_eq!(text.len(), 60);
    }
}
