//! A cookie breaks what its name promises.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A cookie breaks what its name promises.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cookie-prefix-broken",
        title: "A cookie breaks what its name promises",
        why: "__Host- and __Secure- promise attributes that the cookie does not have. Browsers drop it, and \
              whatever it was meant to carry is gone.",
        fix: &[
            (Apache, r#"Header always edit Set-Cookie "^(.*)$" "$1; Secure; Path=/""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header_down Set-Cookie "^(.*)$" "$1; Secure; Path=/"  # inside reverse_proxy"#),
            (
                Django,
                "SESSION_COOKIE_NAME = \"__Host-sessionid\"\nSESSION_COOKIE_SECURE = True\nSESSION_COOKIE_PATH = \"/\"\nSESSION_COOKIE_DOMAIN = None",
            ),
            (Express, r#"session({ name: "__Host-sid", cookie: { secure: true, path: "/" } })"#),
            (Haproxy, r#"http-response replace-header Set-Cookie "(.*)" "\1; Secure; Path=/""#),
            (Nginx, "proxy_cookie_flags ~ secure;\nproxy_cookie_path ~^.*$ /;"),
        ],
        references: &[
            Spec(
                "RFC 6265bis, 4.1.3",
                "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.3",
            ),
            Mdn("Set-Cookie"),
        ],
    },
    topic: Topic::Cookies,
    severity: Severity::Medium,
    bad: Example::Response("Set-Cookie: __Host-sessionid=abc; Secure; HttpOnly; SameSite=Lax"),
    good: Example::Response("Set-Cookie: __Host-sessionid=abc; Path=/; Secure; HttpOnly; SameSite=Lax"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.cookies() {
        if !seen.value.keeps_prefix() {
            findings.push(&RULE, &seen.at, format!("cookie {:?}", seen.value.name()));
        }
    }
}
