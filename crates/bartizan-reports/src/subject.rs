//! What a report is about: the facts by which reports are grouped, and the fingerprint of them.
//!
//! Queries never belong to it, whatever a site keeps: one token in each address would make each report a group.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::address::{Queries, clean};
use crate::formats::kind_of;
use crate::json::{Object, Value};
use crate::noise::Class;
use crate::report::{KindName, Report};

/// The facts by which a report is grouped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject<'a> {
    /// The kind's name.
    pub kind: Cow<'a, str>,
    /// What happened: a directive, a type of network error, a feature.
    pub what: Cow<'a, str>,
    /// What it happened to: an address, or a word such as `inline`.
    pub target: Cow<'a, str>,
    /// The code that did it.
    pub source: Cow<'a, str>,
    /// Whether a policy was enforced or only watched.
    pub disposition: Cow<'a, str>,
    /// Whose doing it is, if not the site's.
    pub noise: Option<Class>,
}

impl<'a> Subject<'a> {
    /// Returns what a report is about.
    pub fn of(report: &'a Report<'_>, noise: Option<Class>) -> Self {
        let (kind, what, target, source) = match &report.kind {
            KindName::Known(kind) => (
                Cow::Borrowed(kind.name),
                first(&report.body, kind.what),
                first(&report.body, kind.target),
                first(&report.body, kind.source),
            ),
            KindName::Other(name) => (Cow::Borrowed(name.as_ref()), "", "", ""),
        };
        let target = if target.is_empty() && !is_csp(&report.kind) { report.url.as_ref() } else { target };
        Self {
            kind,
            what: short(what),
            target: place(target),
            source: place(source),
            disposition: disposition(report),
            noise,
        }
    }

    /// Returns what stands for this and all its like at a site, under one version of its policy.
    pub fn fingerprint(&self, site: &str, policy: &str) -> Fingerprint {
        let mut hash = Sha256::new();
        let noise = self.noise.map_or("", Class::as_str);
        for part in [site, policy, &self.kind, &self.what, &self.target, &self.source, &self.disposition, noise] {
            // The length first, so that no two lists of parts are the same bytes.
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let mut bytes = [0; 16];
        bytes.copy_from_slice(hash.finalize().split_at(16).0);
        Fingerprint(bytes)
    }

    /// Returns a copy that borrows nothing.
    pub fn into_owned(self) -> Subject<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        Subject {
            // Names of ours are everywhere, and take no room of their own.
            kind: match kind_of(&self.kind) {
                Some(kind) => Cow::Borrowed(kind.name),
                None => own(self.kind),
            },
            what: own(self.what),
            target: own(self.target),
            source: own(self.source),
            disposition: own(self.disposition),
            noise: self.noise,
        }
    }
}

/// The name of a group: the same for the same facts, in every process.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// Returns the bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Takes bytes that were stored.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotAFingerprint);
        }
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| NotAFingerprint)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NotAFingerprint)?;
        }
        Ok(Self(bytes))
    }
}

/// A text that is no fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not 32 hexadecimal digits")]
pub struct NotAFingerprint;

/// Returns the page that a report is about, as pages are counted: without query and fragment.
pub fn page<'a>(report: &'a Report<'_>) -> Cow<'a, str> {
    place(report.text("documentURL").unwrap_or(&report.url))
}

fn is_csp(kind: &KindName<'_>) -> bool {
    matches!(kind, KindName::Known(kind) if kind.name == "csp-violation")
}

fn first<'a>(body: &'a Object<'_>, names: &[&str]) -> &'a str {
    names.iter().find_map(|name| body.text(name)).unwrap_or_default()
}

fn disposition<'a>(report: &'a Report<'_>) -> Cow<'a, str> {
    match (report.text("disposition"), report.body.get("reportOnly")) {
        (Some(text), _) => short(text),
        (None, Some(Value::Bool(true))) => Cow::Borrowed("report"),
        (None, Some(Value::Bool(false))) => Cow::Borrowed("enforce"),
        _ => Cow::Borrowed(""),
    }
}

/// An address without what differs from visit to visit; of data only its scheme.
fn place(address: &str) -> Cow<'_, str> {
    if address.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:")) {
        return Cow::Borrowed("data");
    }
    match clean(Cow::Borrowed(address), Queries::Drop) {
        Cow::Borrowed(text) => short(text),
        Cow::Owned(text) => Cow::Owned(short(&text).into_owned()),
    }
}

fn short(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text.get(..text.floor_char_boundary(LONGEST)).unwrap_or(text))
}

/// Longer than any address that a site means to have; a group must not be a place to keep things.
const LONGEST: usize = 600;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Limits, read};

    fn fingerprint(body: &str) -> Fingerprint {
        let text = format!("{{\"type\":\"csp-violation\",\"url\":\"https://a.example/\",\"body\":{body}}}");
        let batch = crate::shape::reports(read(text.as_bytes(), Limits::default()).unwrap(), 1, Queries::Keep).unwrap();
        Subject::of(&batch.reports[0], None).fingerprint("a", "1")
    }

    #[test]
    fn what_differs_from_visit_to_visit_makes_no_new_group() {
        let one =
            fingerprint(r#"{"effectiveDirective":"img-src","blockedURL":"https://b.example/x?1","lineNumber":3}"#);
        for (body, is_same) in [
            (r#"{"effectiveDirective":"img-src","blockedURL":"https://b.example/x?2","lineNumber":4}"#, true),
            (r#"{"effectiveDirective":"img-src","blockedURL":"https://b.example/y"}"#, false),
            (r#"{"effectiveDirective":"font-src","blockedURL":"https://b.example/x"}"#, false),
            (r#"{"effectiveDirective":"img-src","blockedURL":"https://b.example/x","disposition":"report"}"#, false),
        ] {
            assert_eq!(fingerprint(body) == one, is_same, "{body}");
        }
    }

    #[test]
    fn a_fingerprint_is_read_as_it_is_written() {
        let one = fingerprint("{}");
        assert_eq!(one.to_string().parse(), Ok(one));
        for text in ["", "0", "zz", "€€€€€€€€€€€", &"+1".repeat(16)] {
            assert_eq!(text.parse::<Fingerprint>(), Err(NotAFingerprint), "{text}");
        }
    }
}
