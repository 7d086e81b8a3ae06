//! XFrameOptionsMiddleware is not among the middleware.

use super::look::{BEFORE_FRAMES, FRAMES, has_middleware};
use super::weigh::{Hit, insert, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// Any site can show Django's pages in a frame.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "frame-middleware-missing",
        title: "Any site can show Django's pages in a frame",
        why: "XFrameOptionsMiddleware tells browsers not to show the pages within another site. Without it a \
              stranger's page can lay yours invisibly over its own and catch the visitor's clicks.",
        fix: &[(
            Django,
            "MIDDLEWARE = [\n    \"django.middleware.clickjacking.XFrameOptionsMiddleware\",\n    # ...\n]",
        )],
        references: &[
            Spec(
                "Django middleware: X-Frame-Options",
                "https://docs.djangoproject.com/en/stable/ref/middleware/#x-frame-options-middleware",
            ),
            Cwe(1021),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Medium,
    bad: Example::File(Format::Django, r#"MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]"#),
    good: Example::File(Format::Django, r#"MIDDLEWARE = ["django.middleware.clickjacking.XFrameOptionsMiddleware"]"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let is_on = has_middleware(outcome, FRAMES);
        if is_on == Some(true) {
            return Vec::new();
        }
        let edit = insert(outcome, "MIDDLEWARE", FRAMES, BEFORE_FRAMES, Safety::Safe);
        let hit = Hit::new(django, outcome, "MIDDLEWARE", "MIDDLEWARE has no XFrameOptionsMiddleware");
        vec![hit.id("security.W002").fix(format!("    \"{FRAMES}\",")).edit(edit).unless_known(is_on.is_some())]
    });
}
