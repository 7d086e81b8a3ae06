//! X-Frame-Options says something that no browser knows.

use super::fixes;
use bartizan_headers::{FrameOptions, Note};

use crate::explanation::Reference::{Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// X-Frame-Options says something that no browser knows.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "frame-options-malformed",
        title: "X-Frame-Options says something that no browser knows",
        why: "Browsers know DENY and SAMEORIGIN. ALLOW-FROM is gone from all of them, and two values that \
              contradict each other count as DENY. Where frame-ancestors stands beside it nothing is lost, and \
              the field only misleads.",
        fix: fixes::FRAMED_BY_SELF,
        references: &[
            Spec(
                "HTML, X-Frame-Options",
                "https://html.spec.whatwg.org/multipage/document-lifecycle.html#the-x-frame-options-header",
            ),
            Mdn("X-Frame-Options"),
        ],
    },
    topic: Topic::Framing,
    severity: Severity::Info,
    bad: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: frame-ancestors 'self'; object-src 'none'; base-uri 'none'\nX-Frame-Options: ALLOWALL",
    ),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: frame-ancestors 'self'; object-src 'none'; base-uri 'none'\nX-Frame-Options: SAMEORIGIN",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.field::<FrameOptions>() {
        // Said twice is harmless.
        for note in seen.value.notes.iter().filter(|note| !matches!(note, Note::Duplicate(_))) {
            findings.push(&RULE, &seen.at, format!("X-Frame-Options: {note}"));
        }
    }
}
