//! Expect-CT is sent, and no browser heeds it.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Rfc};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// Expect-CT is sent, and no browser heeds it.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "expect-ct-obsolete",
        title: "Expect-CT is sent, and no browser heeds it",
        why: "Browsers demand Certificate Transparency of every certificate and took the header out again. It \
              costs bytes in every response, and whoever reads the configuration believes that it protects \
              something.",
        fix: &[
            (Apache, "Header always unset Expect-CT"),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, "header -Expect-CT"),
            (Django, r#"response.headers.pop("Expect-CT", None)  # in a middleware"#),
            (Express, r#"res.removeHeader("Expect-CT")"#),
            (Haproxy, "http-response del-header Expect-CT"),
            (Nginx, "proxy_hide_header Expect-CT;"),
        ],
        references: &[Rfc(9163, ""), Mdn("Expect-CT")],
    },
    topic: Topic::Obsolete,
    severity: Severity::Info,
    bad: Example::Response("Expect-CT: max-age=86400, enforce"),
    good: Example::Response("Content-Type: text/html"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses().filter(|seen| seen.value.has("expect-ct")) {
        findings.push(&RULE, &seen.at, "Expect-CT is sent");
    }
    sightings::lines(&RULE, facts, findings, |line, seen| {
        if line.name == "expect-ct" {
            let said = seen.at(line.node(), "no browser reads it");
            said.own(line.authority.id("header-obsolete")).edit(line.without(Safety::Safe));
        }
    });
}
