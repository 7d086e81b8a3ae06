//! HSTS is sent over plain HTTP, where browsers ignore it.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::Rfc;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// HSTS is sent over plain HTTP, where browsers ignore it.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "hsts-on-plain-http",
        title: "HSTS is sent over plain HTTP, where browsers ignore it",
        why: "Anybody on the network could have written it there, so browsers pass over it. It protects \
              nobody, and hides from a quick look that the answer over HTTPS is the one that counts.",
        fix: &[
            (Apache, "# Set the field in the server for HTTPS alone."),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, "# Set the field in the server for HTTPS alone."),
            (Django, "SECURE_HSTS_SECONDS = 63072000  # Django sends it over HTTPS alone"),
            (Express, "# Set the field in the server for HTTPS alone."),
            (Haproxy, r#"http-response set-header Strict-Transport-Security "max-age=63072000" if { ssl_fc }"#),
            (Nginx, "# Set the field in the server block that listens on 443 alone."),
        ],
        references: &[Rfc(6797, "8.1")],
    },
    topic: Topic::Transport,
    severity: Severity::Info,
    bad: Example::Exchange(
        "> GET http://app.example/\n< 301\n< Location: https://app.example/\n< Strict-Transport-Security: max-age=63072000\n> GET https://app.example/\n< 200\n< Strict-Transport-Security: max-age=63072000",
    ),
    good: Example::Exchange(
        "> GET http://app.example/\n< 301\n< Location: https://app.example/\n> GET https://app.example/\n< 200\n< Strict-Transport-Security: max-age=63072000",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for response in facts.chains().iter().flat_map(|chain| &chain.responses) {
        if !response.is_secure() && response.has("strict-transport-security") {
            findings.push(&RULE, &response.at(), "Strict-Transport-Security over plain HTTP");
        }
    }
}
