//! A name that only resembles the site's own may read its answers.

use super::fixes;
use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::facts::Stranger;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A name that only resembles the site's own may read its answers.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cors-lookalike-origin",
        title: "A name that only resembles the site's own may read its answers",
        why: "The origin is compared by its beginning or its end, or by a pattern whose dot means any \
              character. Anybody can register a name that fits, such as app.example.evil.test, and is then \
              taken for the site itself.",
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
        "> GET https://app.example/\n> Origin: https://app.example.evil.test\n< 200\n< Access-Control-Allow-Origin: https://app.example.evil.test\n< Access-Control-Allow-Credentials: true",
    ),
    good: Example::Exchange(
        "> GET https://app.example/\n> Origin: https://app.example.evil.test\n< 200\n< Access-Control-Allow-Origin: https://partner.example",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    // Where everybody is let in, there is no comparison to blame.
    let is_open = facts.cross_origin_answers().iter().any(|one| one.stranger == Stranger::Foreign && one.is_let_in());
    for answer in facts.cross_origin_answers().iter().filter(|_| !is_open) {
        if answer.stranger == Stranger::Lookalike && answer.is_let_in() {
            let with = if answer.has_credentials() { "with" } else { "without" };
            let finding =
                findings.push(&RULE, &answer.response.at(), format!("{:?} is let in {with} cookies", answer.origin));
            if !answer.has_credentials() {
                finding.severity(Severity::Medium);
            }
        }
    }
}
