//! A redirect leads from HTTPS to plain HTTP.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Rfc};
use crate::facts::Chain;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A redirect leads from HTTPS to plain HTTP.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "https-downgraded",
        title: "A redirect leads from HTTPS to plain HTTP",
        why: "The visitor had come over HTTPS, and the site itself sends them into the clear. Whoever sits on \
              the network takes over from there. Often an app behind a proxy builds the address, and does not \
              know that it was asked over HTTPS.",
        fix: &[
            (Apache, r#"RequestHeader set X-Forwarded-Proto "https""#),
            (Bartizan, "[site.https]\nredirect = \"permanent\""),
            (Caddy, "# Caddy sends X-Forwarded-Proto; the app must read it."),
            (Django, r#"SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")"#),
            (Express, r#"app.set("trust proxy", 1)"#),
            (Haproxy, "http-request set-header X-Forwarded-Proto https if { ssl_fc }"),
            (Nginx, "proxy_set_header X-Forwarded-Proto $scheme;"),
        ],
        references: &[Cwe(319), Rfc(9110, "17.3")],
    },
    topic: Topic::Transport,
    severity: Severity::High,
    bad: Example::Exchange(
        "> GET https://app.example/\n< 302\n< Location: http://app.example/login\n> GET http://app.example/login\n< 200",
    ),
    good: Example::Exchange(
        "> GET https://app.example/\n< 302\n< Location: https://app.example/login\n> GET https://app.example/login\n< 200",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    let mut told = Vec::new();
    for (from, to) in facts.chains().iter().flat_map(Chain::steps) {
        if from.is_secure() && !to.is_secure() && !told.contains(&from.url()) {
            told.push(from.url());
            findings.push(&RULE, &from.at(), format!("leads to {}", to.url()));
        }
    }
}
