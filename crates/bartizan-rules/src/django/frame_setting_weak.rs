//! X_FRAME_OPTIONS is not DENY.

use super::look::{FRAMES, both, has_middleware};
use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::django::Literal;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// Other pages may show the site in a frame.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "frame-setting-weak",
        title: "Other pages may show the site in a frame",
        why: "Any value but DENY lets some page lay the site invisibly over its own and catch the visitor's clicks. \
              Values that browsers do not know, such as ALLOWALL or ALLOW-FROM, protect nobody.",
        fix: &[(Django, r#"X_FRAME_OPTIONS = "DENY""#)],
        references: &[
            Spec(
                "Django settings: X_FRAME_OPTIONS",
                "https://docs.djangoproject.com/en/stable/ref/settings/#x-frame-options",
            ),
            Cwe(1021),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Low,
    bad: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.clickjacking.XFrameOptionsMiddleware"]
X_FRAME_OPTIONS = "SAMEORIGIN""#,
    ),
    good: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.clickjacking.XFrameOptionsMiddleware"]
X_FRAME_OPTIONS = "DENY""#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let is_open = match outcome.value("X_FRAME_OPTIONS") {
            None => Some(false),
            Some(Literal::Unknown) => None,
            Some(value) => Some(value.text() != Some("DENY")),
        };
        let is_faulty = both(has_middleware(outcome, FRAMES), is_open);
        if is_faulty == Some(false) {
            return Vec::new();
        }
        let value = outcome.value("X_FRAME_OPTIONS");
        let shown = value.and_then(Literal::text).unwrap_or("not a text");
        let message = format!("X_FRAME_OPTIONS is {shown}");
        let hit = Hit::new(django, outcome, "X_FRAME_OPTIONS", message).id("security.W019");
        let risk = Safety::Risky("pages that show themselves in a frame stop doing so");
        vec![hit.set(django, outcome, "X_FRAME_OPTIONS", "\"DENY\"", risk).unless_known(is_faulty.is_some())]
    });
}
