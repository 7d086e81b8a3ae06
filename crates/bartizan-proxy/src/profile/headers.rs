//! The security headers of each profile, a reason beside each value.

use super::Profile;
use crate::config::{HeaderMode, HeaderPlan, HeaderRule};

/// Returns the headers of a profile.
pub(super) fn plan(profile: Profile) -> HeaderPlan {
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
    match profile {
        Profile::Compatible => HeaderPlan {
            // A day: whoever has to go back to plain HTTP waits no longer.
            hsts: tighten("max-age=86400"),
            // What browsers do anyway, said aloud for older ones.
            referrer_policy: tighten("strict-origin-when-cross-origin"),
            // Shared caches only: the browser's own goes on as before.
            private_cache: tighten("private"),
            ..everywhere
        },
        Profile::Balanced => HeaderPlan {
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
            // Sign-in with another provider in a window of its own ends on a page of the app, which hands the
            // result to the page that opened it. Any opener policy but the same on the provider's pages cuts
            // these two apart: `same-origin-allow-popups` keeps the window only until it comes back.
            opener_policy: None,
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
        Profile::Strict => HeaderPlan {
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
        let sent = plan(Profile::Balanced);
        let enforced = csp(sent.csp);
        for breaking in ["script-src", "style-src", "default-src", "frame-ancestors 'none'", "worker-src", "font-src"] {
            assert!(!enforced.contains(breaking), "{breaking}");
        }
        assert!(sent.embedder_policy.is_none() && sent.resource_policy.is_none());
        assert!(sent.opener_policy.is_none());
        assert!(csp(sent.frame_options) == "SAMEORIGIN");
        assert_eq!(csp(sent.csp_report_only), csp(plan(Profile::Strict).csp));
    }

    #[test]
    fn policies_are_in_canonical_form() {
        for text in [csp(plan(Profile::Balanced).csp), STRICT_CSP.to_owned()] {
            assert_eq!(PolicyList::strict(&text).map(|policy| policy.to_string()), Ok(text));
        }
    }
}
