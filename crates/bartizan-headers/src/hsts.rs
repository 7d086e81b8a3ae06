//! Strict-Transport-Security (RFC 6797): for how long a browser insists on HTTPS for a host.
//!
//! It does not know the preload list, nor whether the connection that carried the header was secure.

use std::fmt;
use std::time::Duration;

use http::{HeaderName, header};

use crate::field::{Field, Note, Parsed, Tighten, first_line};
use crate::syntax::{is_token, split_outside_quotes, unquote};

/// The policy of a Strict-Transport-Security field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hsts {
    /// How long the browser remembers the policy, in whole seconds; zero makes it forget.
    pub max_age: Duration,
    /// Whether all names below the host are covered, too.
    pub include_subdomains: bool,
    /// Whether the owner agrees to a place in the browsers' built-in list; not part of the RFC.
    pub preload: bool,
}

impl Hsts {
    /// Returns a policy for the host alone.
    pub const fn for_host(max_age: Duration) -> Self {
        Self { max_age: Duration::from_secs(max_age.as_secs()), include_subdomains: false, preload: false }
    }

    /// Returns a policy for the host and all names below it: each of them must then speak HTTPS.
    pub const fn with_subdomains(max_age: Duration) -> Self {
        Self { include_subdomains: true, ..Self::for_host(max_age) }
    }

    /// Returns a policy that asks for the built-in list, which can take months to leave again.
    pub const fn with_preload(max_age: Duration) -> Self {
        Self { preload: true, ..Self::with_subdomains(max_age) }
    }
}

impl Field for Hsts {
    const NAME: HeaderName = header::STRICT_TRANSPORT_SECURITY;

    fn parse(lines: &[&str]) -> Parsed<Self> {
        let mut notes = Vec::new();
        // RFC 6797, 8.1: of several fields only the first is processed.
        let Some(line) = first_line(lines, &mut notes) else { return Parsed::absent() };
        let (mut max_age, mut include_subdomains, mut preload) = (None, false, false);
        // RFC 6797, 6.1: empty directives are allowed, unknown ones are ignored, and one directive
        // said twice or with a wrong value spoils the whole field.
        for directive in split_outside_quotes(line, ';').filter(|part| !part.is_empty()) {
            let (name, value) = match directive.split_once('=') {
                Some((name, value)) => (name.trim_end(), Some(value.trim_start())),
                None => (directive, None),
            };
            if !is_token(name) || value.is_some_and(|value| unquote(value).is_none()) {
                return Parsed::rejected(notes, Note::syntax(directive));
            }
            let was_said = if name.eq_ignore_ascii_case("max-age") {
                let Some(seconds) = value.and_then(seconds) else {
                    return Parsed::rejected(notes, Note::invalid(name, value.unwrap_or_default()));
                };
                max_age.replace(seconds).is_some()
            } else if name.eq_ignore_ascii_case("includeSubDomains") {
                std::mem::replace(&mut include_subdomains, true)
            } else if name.eq_ignore_ascii_case("preload") {
                std::mem::replace(&mut preload, true)
            } else {
                notes.push(Note::unknown(name));
                continue;
            };
            if was_said {
                return Parsed::rejected(notes, Note::duplicate(name));
            }
            if let Some(value) = value.filter(|_| !name.eq_ignore_ascii_case("max-age")) {
                return Parsed::rejected(notes, Note::invalid(name, value));
            }
        }
        match max_age {
            Some(max_age) => Parsed::accepted(Self { max_age, include_subdomains, preload }, notes),
            None => Parsed::rejected(notes, Note::Missing("max-age")),
        }
    }
}

impl Tighten for Hsts {
    /// Takes the longer age and the wider reach.
    ///
    /// An app's `max-age=0` asks browsers to forget the policy. Ours wins over it: behind the wall the
    /// host does speak HTTPS, and whoever wants to leave it says so in the wall's configuration.
    fn tighten(&self, ours: &Self) -> Self {
        Self {
            max_age: self.max_age.max(ours.max_age),
            include_subdomains: self.include_subdomains || ours.include_subdomains,
            preload: self.preload || ours.preload,
        }
    }
}

impl fmt::Display for Hsts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "max-age={}", self.max_age.as_secs())?;
        if self.include_subdomains {
            f.write_str("; includeSubDomains")?;
        }
        if self.preload {
            f.write_str("; preload")?;
        }
        Ok(())
    }
}

/// Returns the age that digits name; more of them than fit mean "as long as can be said".
fn seconds(value: &str) -> Option<Duration> {
    let digits = unquote(value)?;
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Duration::from_secs(digits.parse().unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(lines: &[&str], canonical: Option<&str>, notes: usize) {
        let parsed = Hsts::parse(lines);
        assert_eq!(parsed.value.map(|hsts| hsts.to_string()).as_deref(), canonical, "{lines:?}");
        assert_eq!(parsed.notes.len(), notes, "{lines:?}: {:?}", parsed.notes);
    }

    #[test]
    fn reads_what_browsers_read() {
        check(&["max-age=31536000"], Some("max-age=31536000"), 0);
        check(&["MAX-AGE=\"10\" ; includesubdomains;;preload;"], Some("max-age=10; includeSubDomains; preload"), 0);
        check(&["max-age=99999999999999999999999"], Some("max-age=18446744073709551615"), 0);
        check(&["max-age=1; later=\"a;b\""], Some("max-age=1"), 1);
        check(&["max-age=1", "max-age=2"], Some("max-age=1"), 1);
        check(&["max-age=0"], Some("max-age=0"), 0);
        check(&[], None, 0);
    }

    #[test]
    fn drops_what_browsers_drop() {
        check(&[""], None, 1);
        check(&["includeSubDomains"], None, 1);
        check(&["max-age=-1"], None, 1);
        check(&["max-age"], None, 1);
        check(&["max-age=1; max-age=2"], None, 1);
        check(&["max-age=1; preload; preload"], None, 1);
        check(&["max-age=1; includeSubDomains=yes"], None, 1);
        check(&["max-age=1, max-age=1"], None, 1);
    }

    #[test]
    fn the_stricter_wins() {
        let day = Duration::from_secs(86_400);
        for (app, ours, result) in [
            (Hsts::for_host(day), Hsts::with_subdomains(2 * day), Hsts::with_subdomains(2 * day)),
            (Hsts::for_host(2 * day), Hsts::with_subdomains(day), Hsts::with_subdomains(2 * day)),
            (Hsts::with_preload(day), Hsts::for_host(day), Hsts::with_preload(day)),
            (Hsts::for_host(Duration::ZERO), Hsts::for_host(day), Hsts::for_host(day)),
        ] {
            assert_eq!(app.tighten(&ours), result);
        }
    }
}
