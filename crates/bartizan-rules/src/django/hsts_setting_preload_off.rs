//! SECURE_HSTS_PRELOAD is not True.

use super::look::{SECURITY, both, has_middleware, is_on, is_truthy, not, state};
use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::Spec;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// HSTS does not ask for the preload list.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "hsts-setting-preload-off",
        title: "HSTS does not ask for the preload list",
        why: "A browser that has never been to the site does not know its policy yet. The preload list that browsers \
              ship closes that first visit, and only sites that say so are taken into it.",
        fix: &[(Django, "SECURE_HSTS_PRELOAD = True")],
        references: &[
            Spec(
                "Django settings: SECURE_HSTS_PRELOAD",
                "https://docs.djangoproject.com/en/stable/ref/settings/#secure-hsts-preload",
            ),
            Spec("HSTS preload list: submission requirements", "https://hstspreload.org/#submission-requirements"),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Info,
    bad: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
SECURE_HSTS_SECONDS = 31536000"#,
    ),
    good: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_PRELOAD = True"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let is_faulty = both(
            both(has_middleware(outcome, SECURITY), is_truthy(outcome, "SECURE_HSTS_SECONDS", false)),
            not(is_on(outcome, "SECURE_HSTS_PRELOAD", false)),
        );
        if is_faulty == Some(false) {
            return Vec::new();
        }
        let hit =
            Hit::new(django, outcome, "SECURE_HSTS_PRELOAD", state(outcome, "SECURE_HSTS_PRELOAD")).id("security.W021");
        vec![
            hit.set(
                django,
                outcome,
                "SECURE_HSTS_PRELOAD",
                "True",
                Safety::Risky("a name on the preload list cannot go back to HTTP for months"),
            )
            .unless_known(is_faulty.is_some()),
        ]
    });
}
