//! Text that becomes code: `'unsafe-eval'`.

use crate::csp_evaluator::finding::{Finding, Kind, Severity};
use crate::csp_evaluator::policy::Policy;
use crate::csp_evaluator::words::{SCRIPTS, UNSAFE_EVAL};

pub(in crate::csp_evaluator) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    for directive in policy.speakers(SCRIPTS) {
        if policy.values(directive).iter().any(|value| value == UNSAFE_EVAL) {
            findings.push(Finding::at(Kind::ScriptUnsafeEval, Severity::MediumMaybe, directive, UNSAFE_EVAL));
        }
    }
}
