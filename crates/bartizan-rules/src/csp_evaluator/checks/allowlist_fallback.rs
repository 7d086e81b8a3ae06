//! Sources beside `'strict-dynamic'`, for browsers that do not know it.

use crate::csp_evaluator::finding::{Finding, Kind, Severity};
use crate::csp_evaluator::policy::Policy;

pub(in crate::csp_evaluator) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    let directive = policy.speaker("script-src");
    let serves = |value: &String| matches!(value.as_str(), "http:" | "https:" | "*") || value.contains('.');
    if policy.has_strict_dynamic("script-src") && !policy.values(directive).iter().any(serves) {
        findings.push(Finding::of(Kind::AllowlistFallback, Severity::StrictCsp, directive));
    }
}
