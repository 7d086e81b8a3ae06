//! Directives that have left the standard, as far as csp_evaluator says so.

use crate::csp_evaluator::finding::{Finding, Kind, Severity};
use crate::csp_evaluator::policy::Policy;

pub(in crate::csp_evaluator) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    for directive in ["reflected-xss", "referrer", "disown-opener", "prefetch-src"] {
        if policy.has(directive) {
            findings.push(Finding::of(Kind::DeprecatedDirective, Severity::Info, directive));
        }
    }
}
