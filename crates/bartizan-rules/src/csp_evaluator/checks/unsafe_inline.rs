//! Scripts in the page: `'unsafe-inline'` and `'unsafe-hashes'` where they are in force.

use crate::csp_evaluator::finding::{Finding, Kind, Severity};
use crate::csp_evaluator::policy::Policy;
use crate::csp_evaluator::words::{SCRIPTS, UNSAFE_HASHES, UNSAFE_INLINE};

pub(in crate::csp_evaluator) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    for directive in policy.speakers(SCRIPTS) {
        let has = |word: &str| policy.values(directive).iter().any(|value| value == word);
        if has(UNSAFE_INLINE) {
            findings.push(Finding::at(Kind::ScriptUnsafeInline, Severity::High, directive, UNSAFE_INLINE));
        }
        if has(UNSAFE_HASHES) {
            findings.push(Finding::at(Kind::ScriptUnsafeHashes, Severity::MediumMaybe, directive, UNSAFE_HASHES));
        }
    }
}
