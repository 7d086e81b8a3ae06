//! A cross-site cookie is dropped by browsers.

use bartizan_headers::SameSite;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A cross-site cookie is dropped by browsers.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "same-site-none-not-secure",
        title: "A cross-site cookie is dropped by browsers",
        why: "SameSite=None needs Secure. Without it browsers drop the cookie, and whatever it was meant to \
              carry across sites is gone; old browsers that keep it send it in the clear.",
        fix: &[
            (Apache, r#"Header always edit Set-Cookie "^(.*)$" "$1; Secure""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header_down Set-Cookie "^(.*)$" "$1; Secure"  # inside reverse_proxy"#),
            (Django, "SESSION_COOKIE_SAMESITE = \"None\"\nSESSION_COOKIE_SECURE = True"),
            (Express, r#"res.cookie(name, value, { sameSite: "none", secure: true })"#),
            (Haproxy, r#"http-response replace-header Set-Cookie "(.*)" "\1; Secure""#),
            (Nginx, "proxy_cookie_flags ~ secure;"),
        ],
        references: &[
            Spec("RFC 6265bis, 5.7", "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.7"),
            Cwe(614),
            Mdn("Set-Cookie"),
        ],
    },
    topic: Topic::Cookies,
    severity: Severity::Medium,
    bad: Example::Response("Set-Cookie: embed=1; Path=/; SameSite=None"),
    good: Example::Response("Set-Cookie: embed=1; Path=/; SameSite=None; Secure"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.cookies() {
        if seen.value.same_site() == Some(SameSite::None) && !seen.value.is_secure() {
            findings.push(&RULE, &seen.at, format!("cookie {:?}", seen.value.name()));
        }
    }
}
