//! The nonce of the policy can be guessed.

use super::nonces;
use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The nonce of the policy can be guessed.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-nonce-short",
        title: "The nonce of the policy can be guessed",
        why: "A nonce holds only while nobody can guess it: 128 bits, which are 22 characters of base64, are \
              what the standard asks for. With a short or patterned one an attacker tries values, or works out \
              the next, and writes it on an injected script.",
        fix: &[
            (Apache, "# Make a nonce of 16 random bytes for each answer, in the app."),
            (Bartizan, "# Make a nonce of 16 random bytes for each answer, in the app; Bartizan passes it on."),
            (Caddy, "# Make a nonce of 16 random bytes for each answer, in the app."),
            (Django, r#"SECURE_CSP = {"script-src": [CSP.SELF, CSP.NONCE]}"#),
            (Express, r#"res.locals.nonce = crypto.randomBytes(16).toString("base64")"#),
            (Haproxy, "# Make a nonce of 16 random bytes for each answer, in the app."),
            (Nginx, "# Make a nonce of 16 random bytes for each answer, in the app."),
        ],
        references: &[Spec("CSP Level 3, nonces", "https://www.w3.org/TR/CSP3/#security-nonces"), Cwe(330)],
    },
    topic: Topic::Csp,
    severity: Severity::Medium,
    bad: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: script-src 'nonce-abc123'; object-src 'none'; base-uri 'none'; form-action 'self'",
    ),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: script-src 'nonce-5f2c9aK0q7Ws3vXb1Rz8dQ=='; object-src 'none'; base-uri 'none'; form-action 'self'",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.csp() {
        let Some(policies) = &seen.value.value else { continue };
        for nonce in nonces(policies) {
            let length = nonce.trim_end_matches('=').len();
            if length < ENOUGH {
                let finding = findings.push(&RULE, &seen.at, format!("'nonce-{nonce}' has {length} characters"));
                if nonce.len() < 8 {
                    finding.equivalent("csp_evaluator:NONCE_LENGTH");
                } else {
                    finding.severity(Severity::Low);
                }
            }
        }
    }
}

/// 128 bits in base64 (CSP3, 7.1).
const ENOUGH: usize = 22;
