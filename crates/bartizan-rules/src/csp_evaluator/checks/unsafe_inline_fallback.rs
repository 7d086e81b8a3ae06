//! `'unsafe-inline'` beside a nonce, for browsers that know no nonces.

use crate::csp_evaluator::finding::{Finding, Kind, Severity};
use crate::csp_evaluator::policy::Policy;
use crate::csp_evaluator::words::UNSAFE_INLINE;

pub(in crate::csp_evaluator) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    let directive = policy.speaker("script-src");
    let is_strict = policy.has_nonce("script-src") || policy.has_hash("script-src");
    if is_strict && !policy.values(directive).iter().any(|value| value == UNSAFE_INLINE) {
        findings.push(Finding::of(Kind::UnsafeInlineFallback, Severity::StrictCsp, directive));
    }
}
