//! The policy does not limit <base>.

use bartizan_headers::csp::DirectiveName;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The policy does not limit <base>.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-base-uri-missing",
        title: "The policy does not limit <base>",
        why: "An injected <base> element changes where every relative address of a page leads, scripts included. \
              It needs no script to work, and default-src does not cover it. A site that uses no <base> loses \
              nothing by limiting it to itself.",
        fix: &[
            (Apache, r#"Header always set Content-Security-Policy "base-uri 'self'""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header Content-Security-Policy "base-uri 'self'""#),
            (Django, r#"SECURE_CSP = {"base-uri": [CSP.SELF]}"#),
            (Express, r#"app.use(helmet.contentSecurityPolicy({ directives: { baseUri: ["'self'"] } }))"#),
            (Haproxy, r#"http-response set-header Content-Security-Policy "base-uri 'self'""#),
            (Nginx, r#"add_header Content-Security-Policy "base-uri 'self'" always;"#),
        ],
        references: &[
            Spec("CSP Level 3, base-uri", "https://www.w3.org/TR/CSP3/#directive-base-uri"),
            Mdn("Content-Security-Policy/base-uri"),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::Low,
    bad: Example::Response("Content-Type: text/html\nContent-Security-Policy: default-src 'self'"),
    good: Example::Response("Content-Type: text/html\nContent-Security-Policy: default-src 'self'; base-uri 'self'"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.csp() {
        let Some(policies) = &seen.value.value else { continue };
        if !policies.is_said(&DirectiveName::BaseUri) {
            findings.push(&RULE, &seen.at, format!("the policy is {policies}"));
        }
    }
}
