//! SECURE_CSP is neither None nor a dictionary.

use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Mdn, Spec};
use crate::facts::django::{Literal, Release};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The content security policy is not a dictionary.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-setting-not-a-dict",
        title: "The content security policy is not a dictionary",
        why: "Django 6 builds the policy from a dictionary of directives. From anything else it builds none, and its \
              checks end in an error.",
        fix: &[(Django, r#"SECURE_CSP = {"default-src": [CSP.SELF]}"#)],
        references: &[
            Spec("Django settings: SECURE_CSP", "https://docs.djangoproject.com/en/stable/ref/settings/#secure-csp"),
            Mdn("Content-Security-Policy"),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Medium,
    bad: Example::File(Format::Django, r#"SECURE_CSP = "default-src 'self'""#),
    good: Example::File(Format::Django, r#"SECURE_CSP = {"default-src": ["'self'"]}"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        if django.release < Release::V6_1 {
            return Vec::new();
        }
        let is_wrong = |name: &&str| match outcome.value(name) {
            None | Some(Literal::None | Literal::Dict(_) | Literal::Unknown | Literal::Other(_)) => false,
            Some(_) => true,
        };
        let hit = |name: &&str| {
            let hit = Hit::new(django, outcome, name, format!("{name} must be a dictionary or None"));
            hit.id("security.E026").fix(format!("{name} = {{\"default-src\": [CSP.SELF]}}"))
        };
        ["SECURE_CSP", "SECURE_CSP_REPORT_ONLY"].iter().filter(|name| is_wrong(name)).map(hit).collect()
    });
}
