//! Cache-Control of a response (RFC 9111, 5.2.2): who may keep it, and for how long.
//!
//! It does not compute ages, and does not look at `Expires` or `Pragma`.

use std::fmt;

use http::{HeaderName, header};

use crate::field::{Field, Note, Parsed};
use crate::syntax::{is_token, split_outside_quotes, unquote, write_joined, write_value};

/// The directives in the order written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CacheControl {
    directives: Vec<CacheDirective>,
}

/// One directive, its name in lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheDirective {
    /// The name.
    pub name: String,
    /// The value, without quotes.
    pub value: Option<String>,
}

impl CacheControl {
    /// Returns the directives.
    pub fn directives(&self) -> &[CacheDirective] {
        &self.directives
    }

    /// Whether the directive was said.
    pub fn has(&self, name: &str) -> bool {
        self.directives.iter().any(|directive| directive.name == name)
    }

    /// Whether a cache that serves several people must not keep the response.
    ///
    /// `private="field"` and `no-cache="field"` speak of one field only and count for nothing here.
    pub fn is_closed_to_shared_caches(&self) -> bool {
        self.has("no-store") || self.has_bare("private")
    }

    /// Whether a cache must ask before each use.
    pub fn is_always_revalidated(&self) -> bool {
        self.has_bare("no-cache")
    }

    /// Whether the response says for how long it is fresh, or that anybody may keep it.
    pub fn invites_caching(&self) -> bool {
        ["public", "max-age", "s-maxage", "immutable"].iter().any(|name| self.has(name))
    }

    /// Whether it says anything at all of who may keep the response, or for how long.
    pub fn is_decided(&self) -> bool {
        self.is_closed_to_shared_caches() || self.is_always_revalidated() || self.invites_caching()
    }

    fn has_bare(&self, name: &str) -> bool {
        self.directives.iter().any(|directive| directive.name == name && directive.value.is_none())
    }
}

impl Field for CacheControl {
    const NAME: HeaderName = header::CACHE_CONTROL;

    fn parse(lines: &[&str]) -> Parsed<Self> {
        if lines.is_empty() {
            return Parsed::absent();
        }
        let mut notes = Vec::new();
        let mut directives: Vec<CacheDirective> = Vec::new();
        for part in lines.iter().flat_map(|line| split_outside_quotes(line, ',')).filter(|part| !part.is_empty()) {
            let (name, value) = match part.split_once('=') {
                Some((name, value)) => (name, unquote(value).map(Some)),
                None => (part, Some(None)),
            };
            let Some(value) = value.filter(|_| is_token(name)) else {
                notes.push(Note::syntax(part));
                continue;
            };
            let name = name.to_ascii_lowercase();
            if directives.iter().any(|said| said.name == name) {
                notes.push(Note::duplicate(&name));
            }
            directives.push(CacheDirective { name, value: value.map(Into::into) });
        }
        if directives.is_empty() {
            return Parsed::rejected(notes, Note::Empty);
        }
        Parsed::accepted(Self { directives }, notes)
    }
}

impl fmt::Display for CacheControl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_joined(f, &self.directives, ", ")
    }
}

impl fmt::Display for CacheDirective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.value.as_ref().map_or(Ok(()), |value| {
            f.write_str("=")?;
            write_value(f, value)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directives_are_read() {
        for (lines, canonical, notes) in [
            (&["no-store"][..], Some("no-store"), 0),
            (&["Private, MAX-AGE=\"60\""], Some("private, max-age=60"), 0),
            (&["private=\"set-cookie, x\"", "max-age=1"], Some("private=\"set-cookie, x\", max-age=1"), 0),
            (&["max-age=1, max-age=2, , @"], Some("max-age=1, max-age=2"), 2),
            (&[""], None, 1),
            (&[], None, 0),
        ] {
            let parsed = CacheControl::parse(lines);
            assert_eq!(parsed.value.map(|control| control.to_string()).as_deref(), canonical, "{lines:?}");
            assert_eq!(parsed.notes.len(), notes, "{lines:?}: {:?}", parsed.notes);
        }
    }

    #[test]
    fn private_answers_are_told_from_shared_ones() {
        for (text, is_closed, is_decided) in [
            ("no-store", true, true),
            ("private", true, true),
            ("private=\"set-cookie\"", false, false),
            ("no-cache", false, true),
            ("public", false, true),
            ("max-age=60", false, true),
            ("must-revalidate", false, false),
        ] {
            let control = CacheControl::strict(text).unwrap();
            assert_eq!((control.is_closed_to_shared_caches(), control.is_decided()), (is_closed, is_decided), "{text}");
        }
    }
}
