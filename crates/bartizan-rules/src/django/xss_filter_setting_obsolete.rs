//! SECURE_BROWSER_XSS_FILTER is set.

use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Mdn, Spec};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The XSS filter of old browsers is configured.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "xss-filter-setting-obsolete",
        title: "The XSS filter of old browsers is configured",
        why: "Django removed this setting in 3.0, and browsers removed the filter, which itself let pages be \
              attacked. It gives nothing but the feeling that something was done; a content security policy does it.",
        fix: &[(Django, "# remove SECURE_BROWSER_XSS_FILTER")],
        references: &[
            Spec("Django 3.0 release notes", "https://docs.djangoproject.com/en/stable/releases/3.0/"),
            Mdn("X-XSS-Protection"),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Info,
    bad: Example::File(Format::Django, "SECURE_BROWSER_XSS_FILTER = True"),
    good: Example::File(Format::Django, "SECURE_CONTENT_TYPE_NOSNIFF = True"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let name = "SECURE_BROWSER_XSS_FILTER";
        if outcome.setting(name).is_none() {
            return Vec::new();
        }
        vec![Hit::new(django, outcome, name, "no Django since 3.0 reads SECURE_BROWSER_XSS_FILTER")]
    });
}
