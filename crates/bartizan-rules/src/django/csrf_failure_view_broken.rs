//! CSRF_FAILURE_VIEW cannot be imported or called.

use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::django::FailureView;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The view for refused forms cannot be shown.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csrf-failure-view-broken",
        title: "The view for refused forms cannot be shown",
        why: "When Django refuses a form it calls this view with the request and a reason. If it cannot, the visitor \
              sees an internal error, and whoever looks for the cause switches the protection off.",
        fix: &[(Django, r#"def refused(request, reason=""): ..."#)],
        references: &[
            Spec(
                "Django settings: CSRF_FAILURE_VIEW",
                "https://docs.djangoproject.com/en/stable/ref/settings/#csrf-failure-view",
            ),
            Cwe(755),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Medium,
    bad: Example::File(Format::Django, "CSRF_FAILURE_VIEW = \"settings.refused\"\n\ndef refused(request):\n    pass"),
    good: Example::File(
        Format::Django,
        "CSRF_FAILURE_VIEW = \"settings.refused\"\n\ndef refused(request, reason=\"\"):\n    pass",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let (id, message) = match outcome.failure_view {
            FailureView::Absent => ("security.E102", "the view for refused forms cannot be imported"),
            FailureView::Unfit => ("security.E101", "the view for refused forms takes no reason"),
            FailureView::Fits | FailureView::Missing => return Vec::new(),
        };
        vec![Hit::new(django, outcome, "CSRF_FAILURE_VIEW", message).id(id)]
    });
}
