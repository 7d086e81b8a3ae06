//! SECURE_SSL_REDIRECT is not True.

use super::look::{SECURITY, both, has_middleware, is_on, not, state};
use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// Django answers plain HTTP instead of redirecting.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "ssl-redirect-setting-off",
        title: "Django answers plain HTTP instead of redirecting",
        why: "A visitor who types the address without https arrives over plain HTTP and stays there. Whoever sits on \
              the network reads and changes all that follows. Where a proxy in front already redirects, silence \
              security.W008 and say so beside it.",
        fix: &[(Django, "SECURE_SSL_REDIRECT = True")],
        references: &[
            Spec(
                "Django settings: SECURE_SSL_REDIRECT",
                "https://docs.djangoproject.com/en/stable/ref/settings/#secure-ssl-redirect",
            ),
            Cwe(319),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
SECURE_SSL_REDIRECT = False"#,
    ),
    good: Example::File(
        Format::Django,
        "MIDDLEWARE = [\"django.middleware.security.SecurityMiddleware\"]\nSECURE_SSL_REDIRECT = True",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let is_faulty = both(has_middleware(outcome, SECURITY), not(is_on(outcome, "SECURE_SSL_REDIRECT", false)));
        if is_faulty == Some(false) {
            return Vec::new();
        }
        let hit =
            Hit::new(django, outcome, "SECURE_SSL_REDIRECT", state(outcome, "SECURE_SSL_REDIRECT")).id("security.W008");
        vec![
            hit.set(
                django,
                outcome,
                "SECURE_SSL_REDIRECT",
                "True",
                Safety::Risky(
                    "behind a proxy that ends TLS it redirects without end, unless SECURE_PROXY_SSL_HEADER is right",
                ),
            )
            .unless_known(is_faulty.is_some()),
        ]
    });
}
