//! One Set-Cookie line (RFC 6265bis, 4.1 and 5.6): a cookie as a server sends it.
//!
//! Lossless: attributes that no browser knows are kept in their place. It does not decide whether a
//! browser would store the cookie for a given URL.

use std::fmt;

use http::{HeaderName, header};

use crate::field::{Field, Note, Parsed};
use crate::syntax::trim;

mod hardening;

/// A cookie with its attributes in the order they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetCookie {
    name: String,
    value: String,
    attributes: Vec<Attribute>,
}

impl SetCookie {
    /// Returns the name; empty for a cookie without one.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the value as written, quotes included.
    pub fn value(&self) -> &str {
        &self.value
    }

    /// Returns the attributes as written.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// Whether only secure connections carry the cookie.
    pub fn is_secure(&self) -> bool {
        self.attributes.contains(&Attribute::Secure)
    }

    /// Whether scripts cannot read the cookie.
    pub fn is_http_only(&self) -> bool {
        self.attributes.contains(&Attribute::HttpOnly)
    }

    /// Returns which cross-site requests carry the cookie; of several attributes the last counts.
    pub fn same_site(&self) -> Option<SameSite> {
        self.last(|attribute| if let Attribute::SameSite(same_site) = attribute { Some(*same_site) } else { None })
    }

    /// Returns the domain the cookie is for; an empty one counts as none.
    pub fn domain(&self) -> Option<&str> {
        self.last(|attribute| if let Attribute::Domain(domain) = attribute { Some(domain.as_str()) } else { None })
            .filter(|domain| !domain.is_empty())
    }

    /// Returns the path the cookie is for; one that does not start with a slash counts as none.
    pub fn path(&self) -> Option<&str> {
        self.last(|attribute| if let Attribute::Path(path) = attribute { Some(path.as_str()) } else { None })
            .filter(|path| path.starts_with('/'))
    }

    /// Whether the line takes the cookie away: an age of zero or less, or a date of a century past.
    pub fn is_removal(&self) -> bool {
        let age = self.last(|attribute| if let Attribute::MaxAge(seconds) = attribute { Some(*seconds) } else { None });
        let date =
            self.last(|attribute| if let Attribute::Expires(date) = attribute { Some(date.as_str()) } else { None });
        // Max-Age goes before Expires (RFC 6265bis, 5.7, step 8).
        age.map_or_else(|| date.is_some_and(is_last_century), |seconds| seconds <= 0)
    }

    /// Returns the promise that the name makes about the attributes.
    pub fn prefix(&self) -> Option<Prefix> {
        Prefix::of(&self.name)
    }

    /// Whether the attributes keep what the name promises; browsers drop a cookie that breaks it.
    pub fn keeps_prefix(&self) -> bool {
        match self.prefix() {
            None => true,
            Some(Prefix::Secure) => self.is_secure(),
            Some(Prefix::Host) => self.is_secure() && self.domain().is_none() && self.path() == Some("/"),
        }
    }

    fn last<'a, T>(&'a self, pick: impl FnMut(&'a Attribute) -> Option<T>) -> Option<T> {
        self.attributes.iter().rev().find_map(pick)
    }
}

/// What one attribute says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Attribute {
    /// The host and all names below it get the cookie.
    Domain(String),
    /// The date of its end, as written.
    Expires(String),
    /// Scripts cannot read it.
    HttpOnly,
    /// The seconds it lives.
    MaxAge(i64),
    /// Stored apart for each top-level site.
    Partitioned,
    /// The path below which it is sent.
    Path(String),
    /// Which cross-site requests carry it.
    SameSite(SameSite),
    /// Only secure connections carry it.
    Secure,
    /// An attribute without effect in browsers, as written.
    Unknown(String),
}

/// Which cross-site requests carry a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SameSite {
    /// All of them.
    None,
    /// Navigations with a safe method.
    Lax,
    /// None of them.
    Strict,
}

/// A promise in a cookie's name, which browsers hold the server to (RFC 6265bis, 4.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefix {
    /// `__Host-`: Secure, no Domain, Path=/.
    Host,
    /// `__Secure-`: Secure.
    Secure,
}

impl Prefix {
    /// Returns the prefix of a name; browsers ignore its case.
    pub fn of(name: &str) -> Option<Self> {
        let starts = |prefix: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        [Self::Host, Self::Secure].into_iter().find(|prefix| starts(prefix.as_str()))
    }

    /// Returns the name without its prefix.
    pub fn strip(name: &str) -> &str {
        Self::of(name).and_then(|prefix| name.get(prefix.as_str().len()..)).unwrap_or(name)
    }

    /// Returns the text of the prefix.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Host => "__Host-",
            Self::Secure => "__Secure-",
        }
    }
}

impl Field for SetCookie {
    const NAME: HeaderName = header::SET_COOKIE;

    /// Reads one cookie: of several lines each is a cookie of its own, and only the first is read here.
    fn parse(lines: &[&str]) -> Parsed<Self> {
        let Some((line, rest)) = lines.split_first() else { return Parsed::absent() };
        let mut notes = Vec::new();
        if !rest.is_empty() {
            notes.push(Note::RepeatedField);
        }
        // RFC 6265bis, 5.6, step 1: a control character other than the tab spoils the line.
        if line.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t') {
            return Parsed::rejected(notes, Note::Syntax("control character".into()));
        }
        let mut parts = line.split(';');
        let pair = parts.next().unwrap_or_default();
        let (name, value) = pair.split_once('=').map_or(("", trim(pair)), |(name, value)| (trim(name), trim(value)));
        if name.is_empty() && value.is_empty() {
            return Parsed::rejected(notes, Note::Empty);
        }
        if name.len() + value.len() > LONGEST_PAIR {
            return Parsed::rejected(notes, Note::invalid(name, "longer than 4096 bytes"));
        }
        if name.is_empty() {
            notes.push(Note::Missing("name"));
        }
        let attributes =
            parts.map(trim).filter(|part| !part.is_empty()).map(|part| attribute(part, &mut notes)).collect();
        Parsed::accepted(Self { name: name.into(), value: value.into(), attributes }, notes)
    }
}

impl fmt::Display for SetCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.value)?;
        self.attributes.iter().try_for_each(|attribute| write!(f, "; {attribute}"))
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Domain(domain) => write!(f, "Domain={domain}"),
            Self::Expires(date) => write!(f, "Expires={date}"),
            Self::HttpOnly => f.write_str("HttpOnly"),
            Self::MaxAge(seconds) => write!(f, "Max-Age={seconds}"),
            Self::Partitioned => f.write_str("Partitioned"),
            Self::Path(path) => write!(f, "Path={path}"),
            Self::SameSite(SameSite::Lax) => f.write_str("SameSite=Lax"),
            Self::SameSite(SameSite::None) => f.write_str("SameSite=None"),
            Self::SameSite(SameSite::Strict) => f.write_str("SameSite=Strict"),
            Self::Secure => f.write_str("Secure"),
            Self::Unknown(text) => f.write_str(text),
        }
    }
}

fn attribute(part: &str, notes: &mut Vec<Note>) -> Attribute {
    let (name, value) = part.split_once('=').map_or((part, ""), |(name, value)| (trim(name), trim(value)));
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    let known = if value.len() > LONGEST_ATTRIBUTE {
        None // RFC 6265bis, 5.6: browsers skip it.
    } else if is("Secure") {
        Some(Attribute::Secure) // Whatever its value: `Secure=false` is secure.
    } else if is("HttpOnly") {
        Some(Attribute::HttpOnly)
    } else if is("Partitioned") {
        Some(Attribute::Partitioned)
    } else if is("Domain") {
        Some(Attribute::Domain(value.into()))
    } else if is("Path") {
        Some(Attribute::Path(value.into()))
    } else if is("Expires") {
        Some(Attribute::Expires(value.into()))
    } else if is("Max-Age") {
        max_age(value).map(Attribute::MaxAge)
    } else if is("SameSite") {
        same_site(value).map(Attribute::SameSite)
    } else {
        None
    };
    known.unwrap_or_else(|| {
        notes.push(Note::unknown(part));
        Attribute::Unknown(part.into())
    })
}

fn same_site(value: &str) -> Option<SameSite> {
    [("Lax", SameSite::Lax), ("None", SameSite::None), ("Strict", SameSite::Strict)]
        .into_iter()
        .find_map(|(name, same_site)| value.eq_ignore_ascii_case(name).then_some(same_site))
}

/// Returns the seconds; more digits than fit mean the farthest future or past (RFC 6265bis, 5.6.2).
fn max_age(value: &str) -> Option<i64> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let farthest = if digits.len() < value.len() { i64::MIN } else { i64::MAX };
    is_number.then(|| value.parse().unwrap_or(farthest))
}

/// Whether the date's year starts with 19: past, whatever the clock says.
fn is_last_century(date: &str) -> bool {
    date.split(|c: char| !c.is_ascii_digit()).any(|number| number.len() == 4 && number.starts_with("19"))
}

/// RFC 6265bis, 5.6, step 5: browsers ignore a longer name and value.
const LONGEST_PAIR: usize = 4096;
/// RFC 6265bis, 5.6: browsers skip an attribute with a longer value.
const LONGEST_ATTRIBUTE: usize = 1024;

#[cfg(test)]
mod tests;
