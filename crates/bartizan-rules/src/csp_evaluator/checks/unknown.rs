//! Directives that nobody knows.

use crate::csp_evaluator::finding::{Finding, Kind, Severity};
use crate::csp_evaluator::policy::Policy;
use crate::csp_evaluator::words::is_directive;

pub(in crate::csp_evaluator) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    for (directive, _) in policy.directives.iter().filter(|(name, _)| !is_directive(name)) {
        findings.push(Finding::of(Kind::UnknownDirective, Severity::Syntax, directive));
    }
}
