//! A page without an origin may read answers.

use super::fixes;
use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::facts::Stranger;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A page without an origin may read answers.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cors-null-origin",
        title: "A page without an origin may read answers",
        why: "Any site can make a frame whose origin is null, with the sandbox attribute alone. Letting null \
              in is letting everybody in, and with cookies it is the same as the worst case. It is meant for \
              files on the developer's disk.",
        fix: fixes::NAMED_ORIGINS,
        references: &[
            Spec("Fetch, CORS protocol", "https://fetch.spec.whatwg.org/#http-cors-protocol"),
            Cwe(942),
            Mdn("Access-Control-Allow-Origin"),
        ],
    },
    topic: Topic::CrossOrigin,
    severity: Severity::High,
    bad: Example::Exchange(
        "> GET https://app.example/\n> Origin: null\n< 200\n< Access-Control-Allow-Origin: null\n< Access-Control-Allow-Credentials: true",
    ),
    good: Example::Exchange("> GET https://app.example/\n> Origin: null\n< 200"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for answer in facts.cross_origin_answers() {
        if answer.stranger == Stranger::Null && answer.is_let_in() {
            let with = if answer.has_credentials() { "with" } else { "without" };
            let message =
                format!("{} {}: {:?} is let in {with} cookies", answer.method, answer.response.url(), answer.origin);
            let finding = findings.push(&RULE, &answer.response.at(), message);
            if !answer.has_credentials() {
                finding.severity(Severity::Low);
            }
        }
    }
}
