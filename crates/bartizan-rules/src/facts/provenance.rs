//! Where a fact was seen.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use url::Url;

/// A fact and where it was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed<T> {
    /// The fact.
    pub value: T,
    /// Where it was seen.
    pub at: Provenance,
}

impl<T> Observed<T> {
    /// Returns what follows from the fact, seen at the same place.
    pub fn map<U>(&self, follow: impl FnOnce(&T) -> U) -> Observed<U> {
        Observed { value: follow(&self.value), at: self.at.clone() }
    }
}

/// Where a fact was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Provenance {
    /// In a file.
    File(Place),
    /// In a response from this address.
    Live {
        /// The address.
        #[serde(serialize_with = "write_url")]
        url: Url,
    },
    /// In what the wall itself adds for a site.
    Stage {
        /// The site.
        site: String,
        /// The stage.
        name: &'static str,
    },
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(place) => place.fmt(f),
            Self::Live { url } => url.fmt(f),
            Self::Stage { site, name } => write!(f, "{site}, stage {name}"),
        }
    }
}

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Place {
    /// The file, as the operator would name it.
    #[serde(serialize_with = "write_path")]
    pub path: Arc<str>,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// The bytes of the file that it is about.
    #[serde(skip)]
    pub span: Range<usize>,
}

impl Place {
    /// Returns the place of some bytes of a file.
    ///
    /// A span that reaches beyond the text is cut to it, so that no finding is lost over its place.
    pub fn of(path: &Arc<str>, text: &str, span: Range<usize>) -> Self {
        Self::behind(path, text, span, (0, 1))
    }

    /// Returns the place of some bytes that begin at or behind a byte whose line is known.
    pub(super) fn behind(path: &Arc<str>, text: &str, span: Range<usize>, known: (usize, usize)) -> Self {
        let end = text.floor_char_boundary(span.end);
        let start = text.floor_char_boundary(span.start).min(end);
        let bytes = text.as_bytes();
        let between = bytes.get(known.0..start).unwrap_or_default();
        let before = bytes.get(..start).unwrap_or_default();
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        Self {
            path: Arc::clone(path),
            line: between.iter().filter(|byte| **byte == b'\n').count() + known.1,
            column: text.get(line_start..start).map_or(0, |line| line.chars().count()) + 1,
            span: start..end,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.path, self.line, self.column)
    }
}

fn write_path<S: Serializer>(path: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(path)
}

fn write_url<S: Serializer>(url: &Url, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(url.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_lines_and_characters() {
        let path = Arc::from("a.conf");
        let text = "one\nzwölf drei\n";
        for (span, shown) in [
            (0..3, "a.conf:1:1"),
            (4..10, "a.conf:2:1"),
            (11..15, "a.conf:2:7"),
            (7..8, "a.conf:2:3"),    // within a character: where it begins
            (99..120, "a.conf:3:1"), // beyond the end
        ] {
            assert_eq!(Place::of(&path, text, span).to_string(), shown);
        }
    }
}
