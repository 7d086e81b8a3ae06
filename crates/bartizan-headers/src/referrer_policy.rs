//! Referrer-Policy (W3C Referrer Policy): how much of an address a browser tells the next site.

use std::fmt;

use http::{HeaderName, header};

use crate::field::{Field, Note, Parsed, Tighten};
use crate::syntax::trim;

/// How much of an address a browser tells, strictest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferrerPolicy {
    /// Nothing to anybody.
    NoReferrer,
    /// The full address, to the same origin only.
    SameOrigin,
    /// The origin, but nothing over plain HTTP.
    StrictOrigin,
    /// The full address to the same origin, the origin to others, nothing over plain HTTP.
    StrictOriginWhenCrossOrigin,
    /// The origin, to anybody.
    Origin,
    /// The full address to the same origin, the origin to anybody else.
    OriginWhenCrossOrigin,
    /// The full address, but nothing over plain HTTP.
    NoReferrerWhenDowngrade,
    /// The full address to anybody.
    UnsafeUrl,
}

impl ReferrerPolicy {
    /// Returns the name of the policy.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoReferrer => "no-referrer",
            Self::SameOrigin => "same-origin",
            Self::StrictOrigin => "strict-origin",
            Self::StrictOriginWhenCrossOrigin => "strict-origin-when-cross-origin",
            Self::Origin => "origin",
            Self::OriginWhenCrossOrigin => "origin-when-cross-origin",
            Self::NoReferrerWhenDowngrade => "no-referrer-when-downgrade",
            Self::UnsafeUrl => "unsafe-url",
        }
    }

    /// Returns what is told to the same origin, to another one, and over plain HTTP.
    pub const fn leaks(self) -> [Leak; 3] {
        use Leak::{Address, Nothing, Origin};
        match self {
            Self::NoReferrer => [Nothing, Nothing, Nothing],
            Self::SameOrigin => [Address, Nothing, Nothing],
            Self::StrictOrigin => [Origin, Origin, Nothing],
            Self::StrictOriginWhenCrossOrigin => [Address, Origin, Nothing],
            Self::Origin => [Origin, Origin, Origin],
            Self::OriginWhenCrossOrigin => [Address, Origin, Origin],
            Self::NoReferrerWhenDowngrade => [Address, Address, Nothing],
            Self::UnsafeUrl => [Address, Address, Address],
        }
    }

    fn of(name: &str) -> Option<Self> {
        ALL.into_iter().find(|policy| name.eq_ignore_ascii_case(policy.as_str()))
    }
}

/// How much one kind of request tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leak {
    /// No referrer.
    Nothing,
    /// Scheme, host and port.
    Origin,
    /// Path and query, too.
    Address,
}

impl Field for ReferrerPolicy {
    const NAME: HeaderName = header::REFERRER_POLICY;

    /// Reads all lines as one list; the last known name counts, so that new names can be added to old ones.
    fn parse(lines: &[&str]) -> Parsed<Self> {
        let mut notes = Vec::new();
        let mut found = None;
        for name in lines.iter().flat_map(|line| line.split(',')).map(trim) {
            match Self::of(name) {
                Some(policy) => found = Some(policy),
                None if name.is_empty() => notes.push(Note::Empty),
                None => notes.push(Note::unknown(name)),
            }
        }
        Parsed { value: found, notes }
    }
}

impl Tighten for ReferrerPolicy {
    /// Takes the policy that leaks exactly the lesser of both at each kind of request.
    ///
    /// Where no policy does (`same-origin` with `strict-origin`), the app's stands: `no-referrer`
    /// would break request forgery checks that look at the referrer.
    fn tighten(&self, ours: &Self) -> Self {
        let ([a, b, c], [x, y, z]) = (self.leaks(), ours.leaks());
        let lesser = [a.min(x), b.min(y), c.min(z)];
        ALL.into_iter().find(|policy| policy.leaks() == lesser).unwrap_or(*self)
    }
}

impl fmt::Display for ReferrerPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

const ALL: [ReferrerPolicy; 8] = [
    ReferrerPolicy::NoReferrer,
    ReferrerPolicy::SameOrigin,
    ReferrerPolicy::StrictOrigin,
    ReferrerPolicy::StrictOriginWhenCrossOrigin,
    ReferrerPolicy::Origin,
    ReferrerPolicy::OriginWhenCrossOrigin,
    ReferrerPolicy::NoReferrerWhenDowngrade,
    ReferrerPolicy::UnsafeUrl,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_known_name_counts() {
        for (lines, value, notes) in [
            (&["no-referrer"][..], Some(ReferrerPolicy::NoReferrer), 0),
            (&["no-referrer, Strict-Origin"], Some(ReferrerPolicy::StrictOrigin), 0),
            (&["unsafe-url", "same-origin"], Some(ReferrerPolicy::SameOrigin), 0),
            (&["origin, tomorrow"], Some(ReferrerPolicy::Origin), 1),
            (&["never"], None, 1),
            (&[""], None, 1),
            (&[], None, 0),
        ] {
            let parsed = ReferrerPolicy::parse(lines);
            assert_eq!((parsed.value, parsed.notes.len()), (value, notes), "{lines:?}");
        }
    }

    #[test]
    fn the_lesser_leak_wins() {
        use ReferrerPolicy::*;
        for (app, ours, result) in [
            (UnsafeUrl, StrictOriginWhenCrossOrigin, StrictOriginWhenCrossOrigin),
            (NoReferrer, StrictOriginWhenCrossOrigin, NoReferrer),
            (Origin, StrictOriginWhenCrossOrigin, StrictOrigin),
            (SameOrigin, StrictOriginWhenCrossOrigin, SameOrigin),
            (SameOrigin, StrictOrigin, SameOrigin),
            (StrictOrigin, SameOrigin, StrictOrigin),
        ] {
            assert_eq!(app.tighten(&ours), result, "{app} {ours}");
        }
        for (app, ours) in ALL.into_iter().flat_map(|app| ALL.map(|ours| (app, ours))) {
            let result = app.tighten(&ours);
            assert!(result.leaks().iter().zip(app.leaks()).all(|(leak, before)| *leak <= before), "{app} {ours}");
            assert_eq!(result.tighten(&ours), result, "{app} {ours}");
        }
    }
}
