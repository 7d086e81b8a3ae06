//! Inner proxies are named.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Mdn, Rfc};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Inner proxies are named.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "via-disclosed",
        title: "Inner proxies are named",
        why: "Via tells which programs stand between the client and the app, with their versions and sometimes \
              their inner host names. That is a map for an attacker; a client outside has no use for it.",
        fix: &[
            (Apache, "Header always unset Via"),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, "header -Via"),
            (Django, r#"response.headers.pop("Via", None)  # in a middleware"#),
            (Express, r#"res.removeHeader("Via")"#),
            (Haproxy, "http-response del-header Via"),
            (Nginx, "proxy_hide_header Via;"),
        ],
        references: &[Rfc(9110, "7.6.3"), Cwe(200), Mdn("Via")],
    },
    topic: Topic::Leaks,
    severity: Severity::Info,
    bad: Example::Response("Via: 1.1 cache-3.internal (squid/4.6)"),
    good: Example::Response("Content-Type: text/html"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses() {
        for line in seen.value.lines("via") {
            findings.push(&RULE, &seen.at, format!("Via is {line:?}"));
        }
    }
}
