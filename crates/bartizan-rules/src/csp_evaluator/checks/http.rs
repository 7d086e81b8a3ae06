//! Sources in the clear.

use crate::csp_evaluator::finding::{Finding, Kind, Severity};
use crate::csp_evaluator::policy::Policy;

pub(in crate::csp_evaluator) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    for (directive, values) in &policy.directives {
        for value in values.iter().filter(|value| value.starts_with("http://")) {
            findings.push(Finding::at(Kind::SrcHttp, Severity::Medium, directive, value));
        }
    }
}
