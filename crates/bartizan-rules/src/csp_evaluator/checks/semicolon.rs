//! Names of directives among values: a semicolon was forgotten.

use crate::csp_evaluator::finding::{Finding, Kind, Severity};
use crate::csp_evaluator::policy::Policy;
use crate::csp_evaluator::words::is_directive;

pub(in crate::csp_evaluator) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    for (directive, values) in &policy.directives {
        for value in values.iter().filter(|value| is_directive(value)) {
            findings.push(Finding::at(Kind::MissingSemicolon, Severity::Syntax, directive, value));
        }
    }
}
