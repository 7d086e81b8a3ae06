//! Three ready-made policies; each value carries its reason beside it.
//!
//! What breaks real apps was measured on sixteen of them behind the usual list of headers: inline
//! scripts (14 of 16) and styles (13), inline handlers (4), eval (3), framing of the app by itself, COEP,
//! `HttpOnly` on cookies that scripts read, and the app's own CSP overwritten. `balanced` enforces none of it.

mod headers;

use std::fmt;
use std::str::FromStr;

use bartizan_headers::SameSite;
use http::{HeaderName, StatusCode};

use crate::config::{CookiePlan, Csrf, CsrfMode, ErrorPages, Limits, Policy, ResourceIsolation, WafPlan};
use crate::stages::response::{BANNERS, OBSOLETE, TIMINGS};

/// A ready-made policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// Only what can break nothing, for an app that nobody can try out.
    Compatible,
    /// All that a normal app does not notice.
    #[default]
    Balanced,
    /// All there is, for an app written for it: A+ on the Observatory.
    Strict,
}

impl Profile {
    /// Every profile, mildest first.
    pub const ALL: [Self; 3] = [Self::Compatible, Self::Balanced, Self::Strict];

    /// Returns the name as it stands in a configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compatible => "compatible",
            Self::Balanced => "balanced",
            Self::Strict => "strict",
        }
    }

    /// Returns the policy.
    pub fn policy(self) -> Policy {
        Policy {
            deny: false,
            // Apps use PUT, PATCH, DELETE and WebDAV's own; TRACE and CONNECT are refused always.
            methods: None,
            body: Limits::default().body,
            // The right number depends on the app, so none is guessed.
            requests_per_client: None,
            csrf: self.csrf(),
            isolation: match self {
                // Other sites may show our pictures and read our feeds.
                Self::Compatible | Self::Balanced => ResourceIsolation::Off,
                Self::Strict => ResourceIsolation::On,
            },
            cookies: self.cookies(),
            headers: headers::plan(self),
            strip: self.strip(),
            errors: self.errors(),
            credentials: false,
            concurrency: None,
            // Watching costs a request some tens of microseconds and breaks nothing; refusing is the operator's to say.
            waf: Some(WafPlan::default()),
        }
    }

    fn csrf(self) -> Csrf {
        let mode = match self {
            // Sign-in by SAML and some payment pages post back from their own site.
            Self::Compatible => CsrfMode::DangerousOff,
            // Browsers have said where a request comes from since 2020 to 2023; tools say nothing and pass.
            Self::Balanced => CsrfMode::On,
            Self::Strict => CsrfMode::Strict,
        };
        Csrf { mode, trusted_origins: Vec::new() }
    }

    fn cookies(self) -> CookiePlan {
        let hardens = self != Self::Compatible;
        CookiePlan {
            // Plain HTTP is redirected, so no request that the app sees lacks it.
            secure: true,
            // On cookies known to carry a login, which no script of the app reads.
            http_only: true,
            // Lax is what Chromium assumes anyway; Strict would show visitors who follow a link as signed out.
            // Compatible: a sign-in that posts back from elsewhere needs the cookie.
            same_site: hardens.then_some(SameSite::Lax),
            // Compatible: another program under the same name may read the cookie.
            prefix: hardens,
            ..CookiePlan::default()
        }
    }

    fn strip(self) -> Vec<HeaderName> {
        let timings = if self == Self::Strict { TIMINGS } else { &[] };
        BANNERS.iter().chain(OBSOLETE).chain(timings).map(|(name, _)| HeaderName::from_static(name)).collect()
    }

    fn errors(self) -> ErrorPages {
        let all = ErrorPages::default();
        match self {
            // A script may read what a 500 says. A stack trace, no script reads.
            Self::Compatible => ErrorPages { replace: Vec::<StatusCode>::new(), ..all },
            Self::Balanced => all,
            // A listing that is meant says so.
            Self::Strict => ErrorPages { listings: true, ..all },
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, UnknownProfile> {
        Self::ALL.into_iter().find(|profile| profile.name() == text).ok_or(UnknownProfile)
    }
}

/// A name that no profile has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a profile: one of \"compatible\", \"balanced\" and \"strict\"")]
pub struct UnknownProfile;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for (name, profile) in [
            ("compatible", Ok(Profile::Compatible)),
            ("balanced", Ok(Profile::Balanced)),
            ("strict", Ok(Profile::Strict)),
            ("Strict", Err(UnknownProfile)),
            ("", Err(UnknownProfile)),
        ] {
            assert_eq!(name.parse(), profile);
        }
        assert_eq!(Profile::default(), Profile::Balanced);
    }
}
