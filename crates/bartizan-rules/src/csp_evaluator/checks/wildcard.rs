//! A star alone where scripts could come in.

use crate::csp_evaluator::address::without_scheme;
use crate::csp_evaluator::finding::{Finding, Kind, Severity};
use crate::csp_evaluator::policy::Policy;
use crate::csp_evaluator::words::DANGEROUS;

pub(in crate::csp_evaluator) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    for directive in policy.speakers(DANGEROUS) {
        for value in policy.values(directive) {
            if without_scheme(value) == "*" {
                findings.push(Finding::at(Kind::PlainWildcard, Severity::High, directive, value));
            }
        }
    }
}
