//! Three ready-made policies; each value carries its reason beside it.
//!
//! What breaks real apps was measured on sixteen of them behind the usual list of headers: inline
//! scripts (14 of 16) and styles (13), inline handlers (4), eval (3), framing of the app by itself, COEP,
//! `HttpOnly` on cookies that scripts read, and the app's own CSP overwritten. `balanced` enforces none of it.

use std::fmt;
use std::str::FromStr;

use bartizan_headers::SameSite;
use http::{HeaderName, StatusCode};

use crate::config::{
    CookiePlan, Csrf, CsrfMode, ErrorPages, HeaderMode, HeaderPlan, HeaderRule, Limits, Policy, ResourceIsolation,
};
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
            headers: self.headers(),
            strip: self.strip(),
            errors: self.errors(),
            credentials: false,
            concurrency: None,
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

    fn headers(self) -> HeaderPlan {
        let everywhere = HeaderPlan {
            // Scripts and styles under a wrong type no longer run; none of the sixteen apps had any.
            content_type_options: tighten("nosniff"),
            // Flash and Acrobat are gone, and with them all who would notice.
            cross_domain_policies: tighten("none"),
            // The filter that this switched on could itself be made to leak; no browser has it any more.
            xss_protection: tighten("0"),
            // Everything that a site keeps in a browser; sent only on paths that a configuration names.
            clear_site_data: tighten("\"cache\", \"cookies\", \"storage\""),
            ..HeaderPlan::default()
        };
        match self {
            Self::Compatible => HeaderPlan {
                // A day: whoever has to go back to plain HTTP waits no longer.
                hsts: tighten("max-age=86400"),
                // What browsers do anyway, said aloud for older ones.
                referrer_policy: tighten("strict-origin-when-cross-origin"),
                // Shared caches only: the browser's own goes on as before.
                private_cache: tighten("private"),
                ..everywhere
            },
            Self::Balanced => HeaderPlan {
                // A year, as the preload list asks. Not for subdomains: one of them may still speak plain HTTP.
                hsts: tighten("max-age=31536000"),
                // Only what apps do not do: other sites framing them, plug-ins, a foreign `<base>`.
                csp: tighten("base-uri 'self'; frame-ancestors 'self'; object-src 'none'"),
                // What it would take to be strict, seen in reports, enforced nowhere. An app that tries out a
                // policy of its own goes on undisturbed.
                csp_report_only: keep(STRICT_CSP),
                // Apps frame themselves (previews, editors, admin pages).
                frame_options: tighten("SAMEORIGIN"),
                // Paths and queries stay at home; the origin goes out, as payment and map services check it.
                referrer_policy: tighten("strict-origin-when-cross-origin"),
                // Talking to hardware is rare. `keep`: an app that names its features knows them.
                permissions_policy: keep("hid=(), midi=(), serial=(), usb=()"),
                // Windows that the app opens (sign-in with another provider, payment) stay in touch with it.
                opener_policy: tighten("same-origin-allow-popups"),
                // Pictures, feeds and avatars are shown by other sites; CORP would end that. COEP would end
                // the reverse. So neither is sent.
                resource_policy: None,
                embedder_policy: None,
                // What Chromium assumes since 2023; it takes `document.domain` away.
                origin_agent_cluster: tighten("?1"),
                // Names of linked sites are not resolved before somebody clicks.
                dns_prefetch_control: tighten("off"),
                // Asked for again on each visit, but the way back stays instant: `no-store` would end that.
                private_cache: tighten("private, no-cache"),
                ..everywhere
            },
            Self::Strict => HeaderPlan {
                // Two years, subdomains as well. No `preload`: that is a promise for the whole domain which
                // takes months to take back, so an operator makes it by hand.
                hsts: tighten("max-age=63072000; includeSubDomains"),
                csp: tighten(STRICT_CSP),
                csp_report_only: None,
                frame_options: tighten("DENY"),
                // Nothing leaves the site. Not `no-referrer`: browsers then send `Origin: null` with the
                // site's own forms, and Django and others refuse these as forged.
                referrer_policy: tighten("same-origin"),
                permissions_policy: tighten(NO_FEATURES),
                opener_policy: tighten("same-origin"),
                embedder_policy: tighten("require-corp"),
                resource_policy: tighten("same-origin"),
                origin_agent_cluster: tighten("?1"),
                dns_prefetch_control: tighten("off"),
                // Nothing of a session stays on disk, even on a shared computer.
                private_cache: tighten("no-store"),
                ..everywhere
            },
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

fn keep(value: &'static str) -> Option<HeaderRule> {
    Some(HeaderRule::fixed(HeaderMode::Keep, value))
}

fn tighten(value: &'static str) -> Option<HeaderRule> {
    Some(HeaderRule::fixed(HeaderMode::Tighten, value))
}

/// Nothing but the site's own files. `default-src 'none'` closes what is not named, now and later; `data:`
/// is for pictures alone, where it runs nothing. No `upgrade-insecure-requests`: a page over HTTPS may
/// load `'self'` over HTTPS only, and one served over plain HTTP on purpose would break.
const STRICT_CSP: &str = "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; \
     form-action 'self'; frame-ancestors 'none'; img-src 'self' data:; manifest-src 'self'; media-src 'self'; \
     object-src 'none'; script-src 'self'; style-src 'self'; worker-src 'self'";

/// Every feature that current browsers know by this name and that a page of text and forms can do without.
/// Names that Chromium does not know are left out: it complains of them on each page.
const NO_FEATURES: &str = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), clipboard-read=(), \
     display-capture=(), encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), \
     idle-detection=(), local-fonts=(), magnetometer=(), microphone=(), midi=(), otp-credentials=(), payment=(), \
     picture-in-picture=(), publickey-credentials-create=(), publickey-credentials-get=(), screen-wake-lock=(), \
     serial=(), storage-access=(), sync-xhr=(), usb=(), window-management=(), xr-spatial-tracking=()";

#[cfg(test)]
mod tests {
    use bartizan_headers::Field;
    use bartizan_headers::csp::PolicyList;

    use super::*;

    fn csp(rule: Option<HeaderRule>) -> String {
        rule.map(|rule| rule.value.to_str().unwrap().to_owned()).unwrap_or_default()
    }

    #[test]
    fn balanced_enforces_nothing_that_breaks_apps() {
        let plan = Profile::Balanced.policy().headers;
        let enforced = csp(plan.csp);
        for breaking in ["script-src", "style-src", "default-src", "frame-ancestors 'none'", "worker-src", "font-src"] {
            assert!(!enforced.contains(breaking), "{breaking}");
        }
        assert!(plan.embedder_policy.is_none() && plan.resource_policy.is_none());
        assert!(csp(plan.frame_options) == "SAMEORIGIN");
        assert_eq!(csp(plan.csp_report_only), csp(Profile::Strict.policy().headers.csp));
    }

    #[test]
    fn policies_are_in_canonical_form() {
        for text in [csp(Profile::Balanced.policy().headers.csp), STRICT_CSP.to_owned()] {
            assert_eq!(PolicyList::strict(&text).map(|policy| policy.to_string()), Ok(text));
        }
    }

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
