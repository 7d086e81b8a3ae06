//! HSTS has parts that browsers pass over.

use super::fixes;
use crate::explanation::Reference::{Mdn, Rfc};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// HSTS has parts that browsers pass over.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "hsts-malformed",
        title: "HSTS has parts that browsers pass over",
        why: "The field is acted on, but part of it is not: a directive that nobody knows, or a second field, \
              of which only the first counts. What was meant by it does not happen.",
        fix: fixes::HSTS_EVERYWHERE,
        references: &[Rfc(6797, "6.1"), Mdn("Strict-Transport-Security")],
    },
    topic: Topic::Transport,
    severity: Severity::Info,
    bad: Example::Response("Strict-Transport-Security: max-age=63072000; includeSubDomain"),
    good: Example::Response("Strict-Transport-Security: max-age=63072000; includeSubDomains"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.hsts() {
        // A field that is not acted on at all is as good as missing, and hsts-missing says so.
        if seen.value.value.is_none() {
            continue;
        }
        for note in &seen.value.notes {
            findings.push(&RULE, &seen.at, format!("Strict-Transport-Security: {note}"));
        }
    }
}
