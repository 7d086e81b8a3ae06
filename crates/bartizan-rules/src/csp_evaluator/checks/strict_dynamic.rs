//! `'strict-dynamic'`: where it could replace a list of hosts, and where it stands without a start.

use crate::csp_evaluator::finding::{Finding, Kind, Severity};
use crate::csp_evaluator::policy::Policy;

/// Hosts or schemes are listed without it.
pub(in crate::csp_evaluator) fn missing(policy: &Policy, findings: &mut Vec<Finding>) {
    let directive = policy.speaker("script-src");
    let has_list = policy.values(directive).iter().any(|value| !value.starts_with('\''));
    if has_list && !policy.has_strict_dynamic("script-src") {
        findings.push(Finding::of(Kind::StrictDynamic, Severity::StrictCsp, directive));
    }
}

/// It is there, and neither a nonce nor a hash that could start it.
pub(in crate::csp_evaluator) fn standalone(policy: &Policy, findings: &mut Vec<Finding>) {
    let is_started = policy.has_nonce("script-src") || policy.has_hash("script-src");
    if policy.has_strict_dynamic("script-src") && !is_started {
        let directive = policy.speaker("script-src");
        findings.push(Finding::of(Kind::StrictDynamicNotStandalone, Severity::Info, directive));
    }
}
