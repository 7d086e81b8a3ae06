//! CsrfViewMiddleware is not among the middleware.

use super::look::{BEFORE_CSRF, CSRF, has_middleware};
use super::weigh::{Hit, insert, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// Django accepts forms from other sites.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csrf-middleware-missing",
        title: "Django accepts forms from other sites",
        why: "CsrfViewMiddleware refuses forms that another site sends in the visitor's name. Without it any page \
              that a logged-in visitor opens can act as that visitor.",
        fix: &[(Django, "MIDDLEWARE = [\n    \"django.middleware.csrf.CsrfViewMiddleware\",\n    # ...\n]")],
        references: &[
            Spec(
                "Django middleware: CSRF",
                "https://docs.djangoproject.com/en/stable/ref/middleware/#csrf-protection-middleware",
            ),
            Cwe(352),
        ],
    },
    topic: Topic::Django,
    severity: Severity::High,
    bad: Example::File(Format::Django, r#"MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]"#),
    good: Example::File(Format::Django, r#"MIDDLEWARE = ["django.middleware.csrf.CsrfViewMiddleware"]"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let is_on = has_middleware(outcome, CSRF);
        if is_on == Some(true) {
            return Vec::new();
        }
        let edit = insert(
            outcome,
            "MIDDLEWARE",
            CSRF,
            BEFORE_CSRF,
            Safety::Risky("forms and clients that send no token are refused from then on"),
        );
        let hit = Hit::new(django, outcome, "MIDDLEWARE", "MIDDLEWARE has no CsrfViewMiddleware");
        vec![hit.id("security.W003").fix(format!("    \"{CSRF}\",")).edit(edit).unless_known(is_on.is_some())]
    });
}
