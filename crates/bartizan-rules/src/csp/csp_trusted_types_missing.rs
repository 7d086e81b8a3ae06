//! The policy lets any text become markup or code in the page.

use bartizan_headers::csp::DirectiveName;

use super::nonces;
use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The policy lets any text become markup or code in the page.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-trusted-types-missing",
        title: "The policy lets any text become markup or code in the page",
        why: "Most injections today happen in the page itself, where a script hands foreign text to innerHTML \
              or the like. With require-trusted-types-for 'script', browsers refuse plain text there, and only \
              the few functions that make typed values need a review. It takes work in the app before it can \
              be enforced.",
        fix: &[
            (Apache, r#"Header always set Content-Security-Policy "require-trusted-types-for 'script'""#),
            (
                Bartizan,
                "# Send require-trusted-types-for from the app: it works only with code that was written for it.",
            ),
            (Caddy, r#"header Content-Security-Policy "require-trusted-types-for 'script'""#),
            (Django, r#"SECURE_CSP = {"require-trusted-types-for": ["'script'"]}"#),
            (
                Express,
                r#"app.use(helmet.contentSecurityPolicy({ directives: { "require-trusted-types-for": ["'script'"] } }))"#,
            ),
            (Haproxy, r#"http-response set-header Content-Security-Policy "require-trusted-types-for 'script'""#),
            (Nginx, r#"add_header Content-Security-Policy "require-trusted-types-for 'script'" always;"#),
        ],
        references: &[
            Spec("Trusted Types", "https://www.w3.org/TR/trusted-types/"),
            Cwe(79),
            Mdn("Content-Security-Policy/require-trusted-types-for"),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::Info,
    bad: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: script-src 'nonce-5f2c9aK0q7Ws3vXb1Rz8dQ=='; object-src 'none'; base-uri 'none'; form-action 'self'",
    ),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: script-src 'nonce-5f2c9aK0q7Ws3vXb1Rz8dQ=='; object-src 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.csp() {
        let Some(policies) = &seen.value.value else { continue };
        // Where scripts run anyway, there are nearer things to mend.
        let has_nonce = !nonces(policies).is_empty();
        if has_nonce && !policies.is_said(&DirectiveName::RequireTrustedTypesFor) {
            findings
                .push(&RULE, &seen.at, "require-trusted-types-for is not said")
                .equivalent("csp_evaluator:REQUIRE_TRUSTED_TYPES_FOR_SCRIPTS");
        }
    }
}
