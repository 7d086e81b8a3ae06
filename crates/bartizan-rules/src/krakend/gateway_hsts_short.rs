//! sts_seconds is small.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::{Rfc, Spec};
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// HSTS of the gateway is forgotten within half a year.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-hsts-short",
        title: "HSTS of the gateway is forgotten within half a year",
        why: "A browser that stays away for longer forgets the policy, and its next first request goes out in the \
              clear. The 300 seconds of the documentation's example are meant for trying it out.",
        fix: &[(Krakend, r#""sts_seconds": 31536000"#)],
        references: &[
            Spec("KrakenD: HTTP security", "https://www.krakend.io/docs/service-settings/security/"),
            Rfc(6797, "11.2"),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::Low,
    bad: Example::File(Format::Krakend, r#"{"version": 3, "extra_config": {"security/http": {"sts_seconds": 300}}}"#),
    good: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"sts_seconds": 31536000}}}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        let Some(block) = krakend.secure() else { continue };
        let Some(entry) = block.value.entry("sts_seconds") else { continue };
        let Some(seconds) = Node::whole(&entry.value).filter(|seconds| *seconds != 0 && *seconds < HALF_A_YEAR) else {
            continue;
        };
        let finding =
            findings.push(&RULE, &Provenance::File(entry.value.at.clone()), format!("sts_seconds is {seconds}"));
        let safety = Safety::Risky("for as long as it lasts, browsers that saw it refuse the site over HTTP");
        finding.edit(Edit { at: entry.value.at.clone(), replacement: "31536000".to_owned(), safety });
    }
}

/// As for HSTS anywhere: half a year is what scanners commonly ask for.
const HALF_A_YEAR: i64 = 15_768_000;
