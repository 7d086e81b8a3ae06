//! No Content-Security-Policy is enforced.

use bartizan_headers::csp::PolicyList;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::finding::absence;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// No Content-Security-Policy is enforced.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-missing",
        title: "No Content-Security-Policy is enforced",
        why: "A policy limits what a page may load and run. Without one, a single place where a page shows \
              foreign text unescaped is enough to run foreign scripts with the visitor's rights. A report-only \
              policy reports such a script, and lets it run.",
        fix: &[
            (
                Apache,
                r#"Header always set Content-Security-Policy "object-src 'none'; base-uri 'self'; frame-ancestors 'self'""#,
            ),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header Content-Security-Policy "object-src 'none'; base-uri 'self'; frame-ancestors 'self'""#),
            (
                Django,
                r#"SECURE_CSP = {"object-src": [CSP.NONE], "base-uri": [CSP.SELF], "frame-ancestors": [CSP.SELF]}"#,
            ),
            (Express, "app.use(helmet.contentSecurityPolicy())"),
            (
                Haproxy,
                r#"http-response set-header Content-Security-Policy "object-src 'none'; base-uri 'self'; frame-ancestors 'self'""#,
            ),
            (
                Nginx,
                r#"add_header Content-Security-Policy "object-src 'none'; base-uri 'self'; frame-ancestors 'self'" always;"#,
            ),
        ],
        references: &[Spec("CSP Level 3", "https://www.w3.org/TR/CSP3/"), Cwe(693), Mdn("Content-Security-Policy")],
    },
    topic: Topic::Csp,
    severity: Severity::Medium,
    bad: Example::Response("Content-Type: text/html\nContent-Security-Policy-Report-Only: default-src 'self'"),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: default-src 'self'; object-src 'none'; base-uri 'self'",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.documents() {
        let parsed = seen.value.field::<PolicyList>();
        if parsed.value.is_none() {
            findings.push(&RULE, &seen.at, absence("Content-Security-Policy", &parsed));
        }
    }
    sightings::declared(&RULE, facts, findings, |server, seen| {
        if server.has_pages && !server.sends("content-security-policy") {
            let said = seen.at(server.node(), "Content-Security-Policy is not sent");
            said.own(server.authority.id("csp-missing"));
            said.edits(server.with(
                "Content-Security-Policy",
                "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'self'",
                Safety::Risky("scripts and styles of other hosts, and inline ones, are blocked"),
            ));
        }
    });
}
