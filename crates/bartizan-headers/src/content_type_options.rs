//! X-Content-Type-Options (WHATWG Fetch, 3.6): whether a browser may guess another type.

use std::fmt;

use http::{HeaderName, header};

use crate::field::{Field, Note, Parsed, Tighten};
use crate::syntax::trim;

/// `nosniff`: the declared type is the type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSniff;

impl Field for NoSniff {
    const NAME: HeaderName = header::X_CONTENT_TYPE_OPTIONS;

    /// Reads the first value of the list; browsers look at no other.
    fn parse(lines: &[&str]) -> Parsed<Self> {
        let mut values = lines.iter().flat_map(|line| line.split(',')).map(trim);
        let Some(first) = values.next() else { return Parsed::absent() };
        if !first.eq_ignore_ascii_case("nosniff") {
            return Parsed::rejected(Vec::new(), Note::unknown(first));
        }
        Parsed::accepted(Self, values.map(Note::duplicate).collect())
    }
}

impl Tighten for NoSniff {
    fn tighten(&self, _: &Self) -> Self {
        Self
    }
}

impl fmt::Display for NoSniff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nosniff")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_value_counts() {
        for (lines, is_on, notes) in [
            (&["nosniff"][..], true, 0),
            (&[" NoSniff "], true, 0),
            (&["nosniff", "nosniff"], true, 1),
            (&["none, nosniff"], false, 1),
            (&["\"nosniff\""], false, 1),
            (&[], false, 0),
        ] {
            let parsed = NoSniff::parse(lines);
            assert_eq!((parsed.value.is_some(), parsed.notes.len()), (is_on, notes), "{lines:?}");
        }
    }
}
