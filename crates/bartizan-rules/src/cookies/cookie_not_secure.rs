//! A cookie also travels over plain HTTP.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A cookie also travels over plain HTTP.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cookie-not-secure",
        title: "A cookie also travels over plain HTTP",
        why: "A cookie without Secure goes out with every plain request to the host, and any picture on any page \
              can cause one. Whoever listens on the network reads it, and whoever answers can replace it.",
        fix: &[
            (Apache, r#"Header always edit Set-Cookie "^(.*)$" "$1; Secure""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header_down Set-Cookie "^(.*)$" "$1; Secure"  # inside reverse_proxy"#),
            (Django, "SESSION_COOKIE_SECURE = True\nCSRF_COOKIE_SECURE = True\nLANGUAGE_COOKIE_SECURE = True"),
            (Express, "res.cookie(name, value, { secure: true })"),
            (Haproxy, r#"http-response replace-header Set-Cookie "(.*)" "\1; Secure""#),
            (Nginx, "proxy_cookie_flags ~ secure;"),
        ],
        references: &[
            Cwe(614),
            Spec(
                "RFC 6265bis, 4.1.2.5",
                "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.2.5",
            ),
            Mdn("Set-Cookie"),
        ],
    },
    topic: Topic::Cookies,
    severity: Severity::Medium,
    bad: Example::Response("Set-Cookie: theme=dark; Path=/"),
    good: Example::Response("Set-Cookie: theme=dark; Path=/; Secure"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.cookies() {
        if !seen.value.is_secure() {
            findings.push(&RULE, &seen.at, format!("cookie {:?}", seen.value.name()));
        }
    }
}
