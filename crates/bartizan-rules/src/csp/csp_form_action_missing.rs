//! The policy does not limit where forms are sent.

use bartizan_headers::csp::DirectiveName;

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The policy does not limit where forms are sent.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-form-action-missing",
        title: "The policy does not limit where forms are sent",
        why: "An injected form, or one attribute on a button, sends what a visitor or a password manager fills \
              in to a foreign host. It needs no script, and default-src does not cover it. Payment and sign-in \
              that go on elsewhere are named beside 'self'.",
        fix: &[
            (Apache, r#"Header always set Content-Security-Policy "form-action 'self'""#),
            (Bartizan, "[[site]]\nprofile = \"strict\""),
            (Caddy, r#"header Content-Security-Policy "form-action 'self'""#),
            (Django, r#"SECURE_CSP = {"form-action": [CSP.SELF]}"#),
            (Express, r#"app.use(helmet.contentSecurityPolicy({ directives: { formAction: ["'self'"] } }))"#),
            (Haproxy, r#"http-response set-header Content-Security-Policy "form-action 'self'""#),
            (Nginx, r#"add_header Content-Security-Policy "form-action 'self'" always;"#),
        ],
        references: &[
            Spec("CSP Level 3, form-action", "https://www.w3.org/TR/CSP3/#directive-form-action"),
            Mdn("Content-Security-Policy/form-action"),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::Low,
    bad: Example::Response("Content-Type: text/html\nContent-Security-Policy: default-src 'self'; base-uri 'self'"),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: default-src 'self'; base-uri 'self'; form-action 'self'",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.csp() {
        let Some(policies) = &seen.value.value else { continue };
        // A policy that limits no content was not meant to; csp-missing and its neighbours speak of that.
        if policies.is_said(&DirectiveName::ScriptSrc) && !policies.is_said(&DirectiveName::FormAction) {
            findings.push(&RULE, &seen.at, format!("the policy is {policies}"));
        }
    }
}
