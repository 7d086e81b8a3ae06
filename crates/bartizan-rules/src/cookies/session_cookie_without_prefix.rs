//! Sister hosts can plant the session cookie.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Sister hosts can plant the session cookie.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "session-cookie-without-prefix",
        title: "Sister hosts can plant the session cookie",
        why: "Any host below the same domain, and anybody on the network who answers a plain request to one, can \
              set a session cookie for the site and so put the visitor into the attacker's session. Only a name \
              with __Host- makes browsers refuse such a cookie; __Secure- at least keeps the network out.",
        fix: &[
            (Apache, "# Rename it in the app: Apache would have to rename it both ways, and in every old session."),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, "# Rename it in the app: Caddy would have to rename it both ways, and in every old session."),
            (Django, "SESSION_COOKIE_NAME = \"__Host-sessionid\"\nSESSION_COOKIE_SECURE = True"),
            (Express, r#"session({ name: "__Host-sid", cookie: { secure: true, path: "/" } })"#),
            (Haproxy, "# Rename it in the app: HAProxy would have to rename it both ways, and in every old session."),
            (Nginx, "# Rename it in the app: nginx would have to rename it both ways, and in every old session."),
        ],
        references: &[
            Spec(
                "RFC 6265bis, 4.1.3",
                "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-4.1.3",
            ),
            Cwe(565),
            Cwe(384),
        ],
    },
    topic: Topic::Cookies,
    severity: Severity::Low,
    bad: Example::Response("Set-Cookie: sessionid=abc; Path=/; Secure; HttpOnly; SameSite=Lax"),
    good: Example::Response("Set-Cookie: __Host-sessionid=abc; Path=/; Secure; HttpOnly; SameSite=Lax"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.session_cookies() {
        if seen.value.prefix().is_none() {
            findings.push(&RULE, &seen.at, format!("cookie {:?}", seen.value.name()));
        }
    }
}
