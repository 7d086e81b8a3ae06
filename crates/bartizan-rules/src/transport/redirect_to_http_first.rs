//! Plain HTTP is redirected to plain HTTP before HTTPS.

use super::fixes;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Plain HTTP is redirected to plain HTTP before HTTPS.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "redirect-to-http-first",
        title: "Plain HTTP is redirected to plain HTTP before HTTPS",
        why: "Each step in the clear is another one that can be answered by somebody else. The first answer \
              should already lead to HTTPS; whatever else is to change can change there.",
        fix: fixes::TO_HTTPS,
        references: &[
            Cwe(319),
            Spec("HSTS preload list: submission requirements", "https://hstspreload.org/#submission-requirements"),
        ],
    },
    topic: Topic::Transport,
    severity: Severity::Low,
    bad: Example::Exchange(
        "> GET http://app.example/\n< 301\n< Location: http://app.example/shop\n> GET http://app.example/shop\n< 301\n< Location: https://app.example/shop\n> GET https://app.example/shop\n< 200",
    ),
    good: Example::Exchange(
        "> GET http://app.example/\n< 308\n< Location: https://app.example/\n> GET https://app.example/\n< 200",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for chain in facts.chains().iter().filter(|chain| chain.is_from_http()) {
        let Some((from, to)) = chain.steps().next() else { continue };
        // Where it never reaches HTTPS, http-not-redirected says so.
        if !to.is_secure() && chain.responses.iter().any(|response| response.is_secure()) {
            findings.push(&RULE, &from.at(), format!("leads to {}", to.url()));
        }
    }
}
