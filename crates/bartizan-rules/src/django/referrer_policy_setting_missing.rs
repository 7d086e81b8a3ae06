//! SECURE_REFERRER_POLICY is None.

use super::look::{SECURITY, both, has_middleware};
use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Mdn, Spec};
use crate::facts::django::Literal;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// Django sends no referrer policy.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "referrer-policy-setting-missing",
        title: "Django sends no referrer policy",
        why: "Without a policy a browser tells other sites where the visitor came from. Addresses with tokens or \
              names in them end up in strangers' logs.",
        fix: &[(Django, r#"SECURE_REFERRER_POLICY = "same-origin""#)],
        references: &[
            Spec(
                "Django settings: SECURE_REFERRER_POLICY",
                "https://docs.djangoproject.com/en/stable/ref/settings/#secure-referrer-policy",
            ),
            Mdn("Referrer-Policy"),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Low,
    bad: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
SECURE_REFERRER_POLICY = None"#,
    ),
    good: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
SECURE_REFERRER_POLICY = "same-origin""#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let is_none = match outcome.value("SECURE_REFERRER_POLICY") {
            Some(Literal::Unknown) => None,
            value => Some(value == Some(&Literal::None)),
        };
        let is_faulty = both(has_middleware(outcome, SECURITY), is_none);
        if is_faulty == Some(false) {
            return Vec::new();
        }
        let name = "SECURE_REFERRER_POLICY";
        let hit = Hit::new(django, outcome, name, "SECURE_REFERRER_POLICY is None").id("security.W022");
        vec![hit.set(django, outcome, name, "\"same-origin\"", Safety::Safe).unless_known(is_faulty.is_some())]
    });
}
