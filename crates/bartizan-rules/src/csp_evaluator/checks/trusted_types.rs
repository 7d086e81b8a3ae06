//! Trusted types for scripts are not required.

use crate::csp_evaluator::finding::{Finding, Kind, Severity};
use crate::csp_evaluator::policy::Policy;

pub(in crate::csp_evaluator) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    let directive = "require-trusted-types-for";
    if !policy.values(directive).iter().any(|value| value == "'script'") {
        findings.push(Finding::of(Kind::RequireTrustedTypes, Severity::Info, directive));
    }
}
