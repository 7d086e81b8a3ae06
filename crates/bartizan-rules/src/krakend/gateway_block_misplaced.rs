//! security/http at an endpoint or backend.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::Spec;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// Security headers of an endpoint are ignored.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-block-misplaced",
        title: "Security headers of an endpoint are ignored",
        why: "KrakenD reads this block only at the root of the service. At an endpoint or backend it is ignored \
              without a word, and the endpoint has what the root says, or nothing.",
        fix: &[(Krakend, r#"move the block to "extra_config" at the root"#)],
        references: &[
            Spec("KrakenD: HTTP security", "https://www.krakend.io/docs/service-settings/security/"),
            Spec("Lura: issue 307", "https://github.com/luraproject/lura/issues/307"),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::High,
    bad: Example::File(
        Format::Krakend,
        r#"{"endpoints": [{"endpoint": "/a", "extra_config": {"security/http": {"frame_deny": true}}}]}"#,
    ),
    good: Example::File(Format::Krakend, r#"{"version": 3, "extra_config": {"security/http": {"frame_deny": true}}}"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        for entry in krakend.misplaced() {
            findings.push(
                &RULE,
                &Provenance::File(entry.at.clone()),
                "this block counts only at the root of the service",
            );
        }
    }
}
