//! Scripts can read the session cookie.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Scripts can read the session cookie.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "session-cookie-not-http-only",
        title: "Scripts can read the session cookie",
        why: "A script that an attacker gets into any page of the site can send the session cookie away, and the \
              attacker is signed in as the visitor, from anywhere, for as long as the session lives. With \
              HttpOnly a script can act only while the page is open.",
        fix: &[
            (Apache, r#"Header always edit Set-Cookie "^(.*)$" "$1; HttpOnly""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header_down Set-Cookie "^(.*)$" "$1; HttpOnly"  # inside reverse_proxy"#),
            (Django, "SESSION_COOKIE_HTTPONLY = True"),
            (Express, "session({ cookie: { httpOnly: true } })"),
            (Haproxy, r#"http-response replace-header Set-Cookie "(.*)" "\1; HttpOnly""#),
            (Nginx, "proxy_cookie_flags sessionid httponly;"),
        ],
        references: &[
            Cwe(1004),
            Spec(
                "RFC 6265bis, 4.1.2.6",
                "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.2.6",
            ),
            Mdn("Set-Cookie"),
        ],
    },
    topic: Topic::Cookies,
    severity: Severity::Medium,
    bad: Example::Response("Set-Cookie: sessionid=abc; Path=/; Secure; SameSite=Lax"),
    good: Example::Response(
        "Set-Cookie: csrftoken=abc; Path=/; Secure; SameSite=Lax\nSet-Cookie: sessionid=abc; Path=/; Secure; HttpOnly; SameSite=Lax",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.session_cookies() {
        if !seen.value.is_http_only() {
            findings.push(&RULE, &seen.at, format!("cookie {:?}", seen.value.name()));
        }
    }
}
