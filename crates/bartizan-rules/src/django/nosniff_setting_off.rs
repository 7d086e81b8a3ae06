//! SECURE_CONTENT_TYPE_NOSNIFF is not True.

use super::look::{SECURITY, both, has_middleware, is_on, not, state};
use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Mdn, Spec};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// Django does not send nosniff.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "nosniff-setting-off",
        title: "Django does not send nosniff",
        why: "Without nosniff a browser may take an uploaded text for a script or a style, whatever its type says. \
              Then whoever can upload can run code in the site's name.",
        fix: &[(Django, "SECURE_CONTENT_TYPE_NOSNIFF = True")],
        references: &[
            Spec(
                "Django settings: SECURE_CONTENT_TYPE_NOSNIFF",
                "https://docs.djangoproject.com/en/stable/ref/settings/#secure-content-type-nosniff",
            ),
            Mdn("X-Content-Type-Options"),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
SECURE_CONTENT_TYPE_NOSNIFF = False"#,
    ),
    good: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
SECURE_CONTENT_TYPE_NOSNIFF = True"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let is_faulty =
            both(has_middleware(outcome, SECURITY), not(is_on(outcome, "SECURE_CONTENT_TYPE_NOSNIFF", true)));
        if is_faulty == Some(false) {
            return Vec::new();
        }
        let hit =
            Hit::new(django, outcome, "SECURE_CONTENT_TYPE_NOSNIFF", state(outcome, "SECURE_CONTENT_TYPE_NOSNIFF"))
                .id("security.W006");
        vec![
            hit.set(django, outcome, "SECURE_CONTENT_TYPE_NOSNIFF", "True", Safety::Safe)
                .unless_known(is_faulty.is_some()),
        ]
    });
}
