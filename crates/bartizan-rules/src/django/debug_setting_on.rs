//! DEBUG counts as true.

use super::look::{is_truthy, state};
use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// Django shows its inner life to visitors.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "debug-setting-on",
        title: "Django shows its inner life to visitors",
        why: "With DEBUG on, an error page shows source code, settings, queries and paths to whoever provokes an \
              error. Any text but the empty one counts as true, so that the word False from the environment turns it \
              on.",
        fix: &[(Django, "DEBUG = False")],
        references: &[
            Spec("Django settings: DEBUG", "https://docs.djangoproject.com/en/stable/ref/settings/#debug"),
            Cwe(489),
        ],
    },
    topic: Topic::Django,
    severity: Severity::High,
    bad: Example::File(Format::Django, "DEBUG = True"),
    good: Example::File(Format::Django, "DEBUG = False"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let is_on = is_truthy(outcome, "DEBUG", false);
        if is_on == Some(false) {
            return Vec::new();
        }
        let safety = match is_truthy(outcome, "ALLOWED_HOSTS", false) {
            Some(false) => Safety::Risky("without DEBUG, Django answers only for names in ALLOWED_HOSTS"),
            Some(true) | None => Safety::Safe,
        };
        let hit = Hit::new(django, outcome, "DEBUG", state(outcome, "DEBUG")).id("security.W018");
        vec![hit.set(django, outcome, "DEBUG", "False", safety).unless_known(is_on.is_some())]
    });
}
