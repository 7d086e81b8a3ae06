//! X-Frame-Options (WHATWG HTML, 7.6): who may show a page in a frame.
//!
//! A Content-Security-Policy with `frame-ancestors` takes its place; this module does not look at one.

use std::fmt;

use http::{HeaderName, header};

use crate::field::{Field, Note, Parsed, Tighten};
use crate::syntax::trim;

/// Who may show a page in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameOptions {
    /// Nobody.
    Deny,
    /// Pages of the same origin.
    SameOrigin,
}

impl Field for FrameOptions {
    const NAME: HeaderName = header::X_FRAME_OPTIONS;

    /// Reads all lines as one list: browsers block framing when known values contradict each other.
    fn parse(lines: &[&str]) -> Parsed<Self> {
        let mut notes = Vec::new();
        let mut found = None;
        let mut is_contradicted = false;
        let mut values = lines.iter().flat_map(|line| line.split(',')).map(trim).peekable();
        if values.peek().is_none() {
            return Parsed::absent();
        }
        for value in values {
            let known = if value.eq_ignore_ascii_case("deny") {
                Self::Deny
            } else if value.eq_ignore_ascii_case("sameorigin") {
                Self::SameOrigin
            } else {
                is_contradicted |= found.is_some();
                notes.push(if starts_with_allow(value) { Note::Obsolete(value.into()) } else { Note::unknown(value) });
                continue;
            };
            match found {
                Some(earlier) if earlier == known => notes.push(Note::duplicate(value)),
                Some(_) => is_contradicted = true,
                None => is_contradicted |= !notes.is_empty(),
            }
            found = Some(known);
        }
        if is_contradicted {
            notes.push(Note::Conflict("DENY".into()));
            return Parsed::accepted(Self::Deny, notes);
        }
        Parsed { value: found, notes }
    }
}

impl Tighten for FrameOptions {
    fn tighten(&self, ours: &Self) -> Self {
        if *self == Self::Deny { Self::Deny } else { *ours }
    }
}

impl fmt::Display for FrameOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Deny => "DENY",
            Self::SameOrigin => "SAMEORIGIN",
        })
    }
}

/// Whether it is `ALLOW-FROM …` or `ALLOWALL`, which browsers took back.
fn starts_with_allow(value: &str) -> bool {
    value.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("allow"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use FrameOptions::{Deny, SameOrigin};

    #[test]
    fn contradictions_deny() {
        for (lines, value, notes) in [
            (&["DENY"][..], Some(Deny), 0),
            (&["sameorigin"], Some(SameOrigin), 0),
            (&["SAMEORIGIN, sameorigin"], Some(SameOrigin), 1),
            (&["DENY", "SAMEORIGIN"], Some(Deny), 1),
            (&["SAMEORIGIN, ALLOWALL"], Some(Deny), 2),
            (&["nonsense, SAMEORIGIN"], Some(Deny), 2),
            (&["ALLOW-FROM https://a.example"], None, 1),
            (&[""], None, 1),
            (&[], None, 0),
        ] {
            let parsed = FrameOptions::parse(lines);
            assert_eq!((parsed.value, parsed.notes.len()), (value, notes), "{lines:?}");
        }
    }

    #[test]
    fn the_stricter_wins() {
        for (lines, ours, result) in [
            (&["DENY"][..], SameOrigin, Deny),
            (&["SAMEORIGIN"], Deny, Deny),
            (&["SAMEORIGIN"], SameOrigin, SameOrigin),
            (&["ALLOW-FROM https://a.example"], SameOrigin, SameOrigin),
        ] {
            assert_eq!(FrameOptions::parse(lines).tighten(&ours), result, "{lines:?}");
        }
    }
}
