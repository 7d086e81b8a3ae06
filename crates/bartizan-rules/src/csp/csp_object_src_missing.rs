//! The policy does not limit plug-in content.

use bartizan_headers::csp::DirectiveName;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The policy does not limit plug-in content.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-object-src-missing",
        title: "The policy does not limit plug-in content",
        why: "<object> and <embed> can show documents that run scripts of their own. Where neither object-src \
              nor default-src is said, they may come from anywhere. Hardly any site needs them today.",
        fix: &[
            (Apache, r#"Header always set Content-Security-Policy "object-src 'none'""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header Content-Security-Policy "object-src 'none'""#),
            (Django, r#"SECURE_CSP = {"object-src": [CSP.NONE]}"#),
            (Express, r#"app.use(helmet.contentSecurityPolicy({ directives: { objectSrc: ["'none'"] } }))"#),
            (Haproxy, r#"http-response set-header Content-Security-Policy "object-src 'none'""#),
            (Nginx, r#"add_header Content-Security-Policy "object-src 'none'" always;"#),
        ],
        references: &[
            Spec("CSP Level 3, object-src", "https://www.w3.org/TR/CSP3/#directive-object-src"),
            Mdn("Content-Security-Policy/object-src"),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::Low,
    bad: Example::Response("Content-Type: text/html\nContent-Security-Policy: script-src 'self'; base-uri 'self'"),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: script-src 'self'; object-src 'none'; base-uri 'self'",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.csp() {
        let Some(policies) = &seen.value.value else { continue };
        if !policies.is_said(&DirectiveName::ObjectSrc) {
            findings.push(&RULE, &seen.at, format!("the policy is {policies}"));
        }
    }
}
