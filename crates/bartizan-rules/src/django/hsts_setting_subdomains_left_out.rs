//! SECURE_HSTS_INCLUDE_SUBDOMAINS is not True.

use super::look::{SECURITY, both, has_middleware, is_on, is_truthy, not, state};
use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Rfc, Spec};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// HSTS leaves out the subdomains.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "hsts-setting-subdomains-left-out",
        title: "HSTS leaves out the subdomains",
        why: "Without includeSubDomains a browser still opens every subdomain over plain HTTP. Whoever sits on the \
              network can answer for a subdomain and set cookies for the whole site from there.",
        fix: &[(Django, "SECURE_HSTS_INCLUDE_SUBDOMAINS = True")],
        references: &[
            Spec(
                "Django settings: SECURE_HSTS_INCLUDE_SUBDOMAINS",
                "https://docs.djangoproject.com/en/stable/ref/settings/#secure-hsts-include-subdomains",
            ),
            Rfc(6797, "6.1.2"),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Low,
    bad: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
SECURE_HSTS_SECONDS = 31536000"#,
    ),
    good: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
SECURE_HSTS_SECONDS = 31536000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let is_faulty = both(
            both(has_middleware(outcome, SECURITY), is_truthy(outcome, "SECURE_HSTS_SECONDS", false)),
            not(is_on(outcome, "SECURE_HSTS_INCLUDE_SUBDOMAINS", false)),
        );
        if is_faulty == Some(false) {
            return Vec::new();
        }
        let hit = Hit::new(
            django,
            outcome,
            "SECURE_HSTS_INCLUDE_SUBDOMAINS",
            state(outcome, "SECURE_HSTS_INCLUDE_SUBDOMAINS"),
        )
        .id("security.W005");
        vec![
            hit.set(
                django,
                outcome,
                "SECURE_HSTS_INCLUDE_SUBDOMAINS",
                "True",
                Safety::Risky("every subdomain must then be served over HTTPS, for as long as HSTS lasts"),
            )
            .unless_known(is_faulty.is_some()),
        ]
    });
}
