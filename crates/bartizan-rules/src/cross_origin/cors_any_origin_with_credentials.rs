//! Any site may read answers with the visitor's cookies.

use super::fixes;
use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::facts::Stranger;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Any site may read answers with the visitor's cookies.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cors-any-origin-with-credentials",
        title: "Any site may read answers with the visitor's cookies",
        why: "The answer lets in whatever origin asks, and its cookies with it. Any page that a signed-in \
              visitor opens reads their data here, tokens against forgery included, and acts in their name. \
              Origins are to be compared with a list, as a whole.",
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
        "> GET https://app.example/\n> Origin: https://evil.test\n< 200\n< Access-Control-Allow-Origin: https://evil.test\n< Access-Control-Allow-Credentials: true",
    ),
    good: Example::Exchange(
        "> GET https://app.example/\n> Origin: https://evil.test\n< 200\n< Access-Control-Allow-Origin: https://partner.example\n< Access-Control-Allow-Credentials: true\n< Vary: Origin",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for answer in facts.cross_origin_answers() {
        if answer.stranger == Stranger::Foreign && answer.is_let_in() && answer.has_credentials() {
            let with = if answer.has_credentials() { "with" } else { "without" };
            let message =
                format!("{} {}: {:?} is let in {with} cookies", answer.method, answer.response.url(), answer.origin);
            findings.push(&RULE, &answer.response.at(), message);
        }
    }
}
