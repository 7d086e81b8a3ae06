//! SecurityMiddleware is not among the middleware.

use super::look::{SECURITY, has_middleware};
use super::weigh::{Hit, insert, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// Django sends none of its security headers.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "security-middleware-missing",
        title: "Django sends none of its security headers",
        why: "SecurityMiddleware sends HSTS, nosniff, the referrer and opener policies, and redirects to HTTPS. \
              Without it all of those settings are read by nobody, however they are set.",
        fix: &[(Django, "MIDDLEWARE = [\n    \"django.middleware.security.SecurityMiddleware\",\n    # ...\n]")],
        references: &[
            Spec(
                "Django middleware: SecurityMiddleware",
                "https://docs.djangoproject.com/en/stable/ref/middleware/#module-django.middleware.security",
            ),
            Cwe(693),
        ],
    },
    topic: Topic::Django,
    severity: Severity::High,
    bad: Example::File(Format::Django, r#"MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]"#),
    good: Example::File(Format::Django, r#"MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let is_on = has_middleware(outcome, SECURITY);
        if is_on == Some(true) {
            return Vec::new();
        }
        let edit = insert(outcome, "MIDDLEWARE", SECURITY, &[], Safety::Safe);
        let hit = Hit::new(django, outcome, "MIDDLEWARE", "MIDDLEWARE has no SecurityMiddleware");
        vec![hit.id("security.W001").fix(format!("    \"{SECURITY}\",")).edit(edit).unless_known(is_on.is_some())]
    });
}
