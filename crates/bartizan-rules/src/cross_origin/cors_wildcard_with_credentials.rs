//! An answer is for everybody and for cookies at once, which browsers refuse.

use super::fixes;
use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// An answer is for everybody and for cookies at once, which browsers refuse.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cors-wildcard-with-credentials",
        title: "An answer is for everybody and for cookies at once, which browsers refuse",
        why: "Browsers do not show a script an answer that says * and true together, so what was meant does \
              not work. The next step is often to repeat whatever origin asks, and that opens the site to \
              everybody. Either no cookies, or a list of origins.",
        fix: fixes::NAMED_ORIGINS,
        references: &[
            Spec("Fetch, CORS protocol", "https://fetch.spec.whatwg.org/#http-cors-protocol"),
            Cwe(942),
            Mdn("Access-Control-Allow-Origin"),
        ],
    },
    topic: Topic::CrossOrigin,
    severity: Severity::Low,
    bad: Example::Exchange(
        "> GET https://app.example/\n> Origin: https://evil.test\n< 200\n< Access-Control-Allow-Origin: *\n< Access-Control-Allow-Credentials: true",
    ),
    good: Example::Exchange(
        "> GET https://app.example/\n> Origin: https://evil.test\n< 200\n< Access-Control-Allow-Origin: *",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for answer in facts.cross_origin_answers() {
        if answer.allowed() == Some("*") && answer.has_credentials() {
            findings.push(&RULE, &answer.response.at(), format!("{} is answered with * and true", answer.method));
            return;
        }
    }
}
