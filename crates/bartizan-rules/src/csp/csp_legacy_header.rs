//! The policy is sent under a name that no browser reads.

use super::fixes;
use crate::explanation::Reference::{Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The policy is sent under a name that no browser reads.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-legacy-header",
        title: "The policy is sent under a name that no browser reads",
        why: "X-Content-Security-Policy and X-WebKit-CSP were the names of experiments before 2013. No browser \
              in use reads them, so what stands only there is not enforced. In browsers that did, they broke \
              pages.",
        fix: fixes::POLICY_IN_HEADER,
        references: &[Spec("CSP Level 3", "https://www.w3.org/TR/CSP3/"), Mdn("Content-Security-Policy")],
    },
    topic: Topic::Csp,
    severity: Severity::Low,
    bad: Example::Response(
        "Content-Type: text/html\nX-Content-Security-Policy: default-src 'self'\nContent-Security-Policy: default-src 'self'; base-uri 'self'; form-action 'self'",
    ),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: default-src 'self'; base-uri 'self'; form-action 'self'",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.responses() {
        for name in ["x-content-security-policy", "x-webkit-csp", "x-content-security-policy-report-only"] {
            for line in seen.value.lines(name) {
                findings.push(&RULE, &seen.at, format!("{name} is {line:?}"));
            }
        }
    }
}
