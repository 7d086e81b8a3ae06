//! A partitioned cookie lacks Secure, and browsers drop it.

use bartizan_headers::set_cookie::Attribute;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A partitioned cookie lacks Secure, and browsers drop it.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cookie-partitioned-not-secure",
        title: "A partitioned cookie lacks Secure, and browsers drop it",
        why: "Browsers keep a cookie with Partitioned only when it has Secure, too. Without it the cookie is \
              not set at all, so embedded parts of the site forget their visitor.",
        fix: &[
            (Apache, r#"Header always edit Set-Cookie "(; *Partitioned)" "$1; Secure""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header >Set-Cookie "; *Partitioned" "; Partitioned; Secure""#),
            (Django, r#"response.cookies["id"]["secure"] = True"#),
            (Express, r#"res.cookie("id", value, { secure: true, partitioned: true })"#),
            (Haproxy, r#"http-response replace-header Set-Cookie "(.*; *Partitioned.*)" "\1; Secure""#),
            (Nginx, "proxy_cookie_flags ~ secure;"),
        ],
        references: &[Spec("CHIPS", "https://github.com/privacycg/CHIPS"), Mdn("Set-Cookie")],
    },
    topic: Topic::Cookies,
    severity: Severity::Low,
    bad: Example::Response("Set-Cookie: id=1; Path=/; SameSite=None; Partitioned"),
    good: Example::Response("Set-Cookie: id=1; Path=/; SameSite=None; Partitioned; Secure"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.cookies() {
        if seen.value.attributes().contains(&Attribute::Partitioned) && !seen.value.is_secure() {
            findings.push(&RULE, &seen.at, format!("cookie {:?}", seen.value.name()));
        }
    }
}
