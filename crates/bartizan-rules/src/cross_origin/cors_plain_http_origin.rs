//! The site's own name over plain HTTP may read its answers.

use super::fixes;
use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::facts::Stranger;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The site's own name over plain HTTP may read its answers.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cors-plain-http-origin",
        title: "The site's own name over plain HTTP may read its answers",
        why: "Whoever sits on the network answers for the plain name, and runs scripts under it. Let in from \
              there, they read over HTTPS what HTTPS was to protect.",
        fix: fixes::NAMED_ORIGINS,
        references: &[
            Spec("Fetch, CORS protocol", "https://fetch.spec.whatwg.org/#http-cors-protocol"),
            Cwe(942),
            Mdn("Access-Control-Allow-Origin"),
        ],
    },
    topic: Topic::CrossOrigin,
    severity: Severity::Medium,
    bad: Example::Exchange(
        "> GET https://app.example/\n> Origin: http://app.example\n< 200\n< Access-Control-Allow-Origin: http://app.example\n< Access-Control-Allow-Credentials: true",
    ),
    good: Example::Exchange(
        "> GET https://app.example/\n> Origin: http://app.example\n< 200\n< Access-Control-Allow-Origin: https://app.example\n< Access-Control-Allow-Credentials: true\n< Vary: Origin",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    // Where everybody is let in, the scheme does not matter.
    let is_open = facts.cross_origin_answers().iter().any(|one| one.stranger == Stranger::Foreign && one.is_let_in());
    for answer in facts.cross_origin_answers().iter().filter(|_| !is_open) {
        if answer.stranger == Stranger::PlainHttp && answer.is_let_in() {
            let finding = findings.push(&RULE, &answer.response.at(), format!("{:?} is let in", answer.origin));
            if !answer.has_credentials() {
                finding.severity(Severity::Low);
            }
        }
    }
}
