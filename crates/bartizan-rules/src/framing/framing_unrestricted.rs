//! Any site may show the page in a frame.

use super::fixes;
use bartizan_headers::FrameOptions;
use bartizan_headers::csp::{DirectiveName, PolicyList};

use crate::explanation::Reference::{Cwe, Mdn, Spec};
use crate::finding::absence;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Any site may show the page in a frame.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "framing-unrestricted",
        title: "Any site may show the page in a frame",
        why: "A foreign page can lay the site invisibly over its own buttons, so that a visitor's click lands on \
              the site instead. The visitor is signed in, and the site sees a real click. Either frame-ancestors \
              or X-Frame-Options prevents it; ALLOW-FROM no longer does.",
        fix: fixes::FRAMED_BY_SELF,
        references: &[
            Spec(
                "WHATWG HTML, X-Frame-Options",
                "https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header",
            ),
            Cwe(1021),
            Mdn("X-Frame-Options"),
        ],
    },
    topic: Topic::Framing,
    severity: Severity::Medium,
    bad: Example::Response("Content-Type: text/html\nX-Frame-Options: ALLOW-FROM https://partner.example"),
    good: Example::Response("Content-Type: text/html\nX-Frame-Options: SAMEORIGIN"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.documents() {
        let policies = seen.value.field::<PolicyList>().value;
        if policies.is_some_and(|policies| policies.is_said(&DirectiveName::FrameAncestors)) {
            continue; // Browsers that know it look no further.
        }
        let options = seen.value.field::<FrameOptions>();
        if options.value.is_none() {
            findings.push(&RULE, &seen.at, absence("X-Frame-Options", &options));
        }
    }
}
