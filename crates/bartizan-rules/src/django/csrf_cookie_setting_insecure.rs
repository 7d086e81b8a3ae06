//! CSRF_COOKIE_SECURE is not True.

use super::look::{CSRF, both, has_middleware, is_on, is_truthy, not, state};
use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// The CSRF cookie is sent over plain HTTP, too.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csrf-cookie-setting-insecure",
        title: "The CSRF cookie is sent over plain HTTP, too",
        why: "A cookie without Secure goes along with every plain HTTP request to the site. Whoever sits on the \
              network can provoke one, read the token and forge forms with it.",
        fix: &[(Django, "CSRF_COOKIE_SECURE = True")],
        references: &[
            Spec(
                "Django settings: CSRF_COOKIE_SECURE",
                "https://docs.djangoproject.com/en/stable/ref/settings/#csrf-cookie-secure",
            ),
            Cwe(614),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Medium,
    bad: Example::File(Format::Django, r#"MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]"#),
    good: Example::File(
        Format::Django,
        "MIDDLEWARE = [\"django.middleware.csrf.CsrfViewMiddleware\"]\nCSRF_COOKIE_SECURE = True",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let is_faulty = both(
            both(has_middleware(outcome, CSRF), not(is_truthy(outcome, "CSRF_USE_SESSIONS", false))),
            not(is_on(outcome, "CSRF_COOKIE_SECURE", false)),
        );
        if is_faulty == Some(false) {
            return Vec::new();
        }
        let hit =
            Hit::new(django, outcome, "CSRF_COOKIE_SECURE", state(outcome, "CSRF_COOKIE_SECURE")).id("security.W016");
        vec![hit.set(django, outcome, "CSRF_COOKIE_SECURE", "True", Safety::Safe).unless_known(is_faulty.is_some())]
    });
}
