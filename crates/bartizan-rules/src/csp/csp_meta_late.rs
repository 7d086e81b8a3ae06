//! A policy in `<meta>` stands outside the head.

use super::fixes;
use crate::Provenance;
use crate::explanation::Reference::{Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A policy in `<meta>` stands outside the head.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-meta-late",
        title: "A policy in <meta> stands outside the head",
        why: "Browsers read such a policy only in the head. Behind it they pass over it without a word, so the \
              page runs without. An unclosed element before it is enough to end the head early; a header does \
              not depend on markup.",
        fix: fixes::POLICY_IN_HEADER,
        references: &[
            Spec("CSP Level 3, the meta element", "https://www.w3.org/TR/CSP3/#meta-element"),
            Mdn("Content-Security-Policy"),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::Medium,
    bad: Example::Page(
        r#"<head><title>Shop</title></head><body><meta http-equiv="Content-Security-Policy" content="default-src 'self'">"#,
    ),
    good: Example::Page(
        r#"<head><meta http-equiv="Content-Security-Policy" content="default-src 'self'"></head><body>"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for page in facts.pages() {
        let at = Provenance::Live { url: page.url.clone() };
        for meta in page.meta_headers("content-security-policy").filter(|meta| !meta.is_in_head) {
            findings.push(&RULE, &at, format!("browsers ignore {:?}", meta.content));
        }
    }
}
