//! Key pins are sent, and no browser heeds them.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Rfc, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// Key pins are sent, and no browser heeds them.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "hpkp-obsolete",
        title: "Key pins are sent, and no browser heeds them",
        why: "Pinned keys locked sites out of their own visitors' browsers, and browsers took the header out \
              again. Where some old client still honours it, a lost key makes the site unreachable.",
        fix: &[
            (Apache, "Header always unset Public-Key-Pins"),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, "header -Public-Key-Pins"),
            (Django, r#"response.headers.pop("Public-Key-Pins", None)  # in a middleware"#),
            (Express, r#"res.removeHeader("Public-Key-Pins")"#),
            (Haproxy, "http-response del-header Public-Key-Pins"),
            (Nginx, "proxy_hide_header Public-Key-Pins;"),
        ],
        references: &[
            Rfc(7469, "4.5"),
            Spec("OWASP Secure Headers Project: deprecated headers", "https://owasp.org/www-project-secure-headers/"),
        ],
    },
    topic: Topic::Obsolete,
    severity: Severity::Info,
    bad: Example::Response(r#"Public-Key-Pins: max-age=60; pin-sha256="d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM=""#),
    good: Example::Response("Content-Type: text/html"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses() {
        for name in ["public-key-pins", "public-key-pins-report-only"] {
            if seen.value.has(name) {
                findings.push(&RULE, &seen.at, format!("{name} is sent"));
            }
        }
    }
    sightings::lines(&RULE, facts, findings, |line, seen| {
        if line.name == "public-key-pins" || line.name == "public-key-pins-report-only" {
            let said = seen.at(line.node(), "no browser reads it");
            said.own(line.authority.id("header-obsolete")).edit(line.without(Safety::Safe));
        }
    });
}
