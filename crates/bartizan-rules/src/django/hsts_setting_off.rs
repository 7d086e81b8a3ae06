//! SECURE_HSTS_SECONDS is zero.

use super::look::{SECURITY, both, has_middleware, is_truthy, not, state};
use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Rfc, Spec};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// Django sends no HSTS.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "hsts-setting-off",
        title: "Django sends no HSTS",
        why: "Without HSTS a browser tries plain HTTP whenever the address is typed without https. Whoever sits on \
              the network can answer that request in the site's place. Begin with an hour, and raise it once \
              everything is served over HTTPS.",
        fix: &[(Django, "SECURE_HSTS_SECONDS = 31536000")],
        references: &[
            Spec(
                "Django settings: SECURE_HSTS_SECONDS",
                "https://docs.djangoproject.com/en/stable/ref/settings/#secure-hsts-seconds",
            ),
            Rfc(6797, "2.3.1"),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Django,
        "MIDDLEWARE = [\"django.middleware.security.SecurityMiddleware\"]\nSECURE_HSTS_SECONDS = 0",
    ),
    good: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
SECURE_HSTS_SECONDS = 31536000"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let is_off = not(is_truthy(outcome, "SECURE_HSTS_SECONDS", false));
        let is_faulty = both(has_middleware(outcome, SECURITY), is_off);
        if is_faulty == Some(false) {
            return Vec::new();
        }
        let message = state(outcome, "SECURE_HSTS_SECONDS");
        let hit = Hit::new(django, outcome, "SECURE_HSTS_SECONDS", message).id("security.W004");
        let risk = Safety::Risky("for as long as it lasts, browsers that saw it refuse the site over HTTP");
        vec![hit.set(django, outcome, "SECURE_HSTS_SECONDS", "31536000", risk).unless_known(is_faulty.is_some())]
    });
}
