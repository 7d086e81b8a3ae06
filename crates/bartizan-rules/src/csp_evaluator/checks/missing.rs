//! Directives without which a policy does not hold: object-src, script-src, base-uri.

use crate::csp_evaluator::finding::{Finding, Kind, Severity};
use crate::csp_evaluator::policy::Policy;

pub(in crate::csp_evaluator) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    object_src(policy, findings);
    script_src(policy, findings);
    base_uri_of_all(std::slice::from_ref(policy), findings);
}

/// Plug-in content is unlimited; an empty list counts as none at all.
pub(in crate::csp_evaluator) fn object_src(policy: &Policy, findings: &mut Vec<Finding>) {
    if policy.values(policy.speaker("object-src")).is_empty() {
        findings.push(missing("object-src"));
    }
}

/// Scripts are unlimited; their two kinds alone do not count.
pub(in crate::csp_evaluator) fn script_src(policy: &Policy, findings: &mut Vec<Finding>) {
    if !policy.has("script-src") && !policy.has("default-src") {
        findings.push(missing("script-src"));
    }
}

/// A `<base>` would turn relative addresses of scripts with a nonce, and no policy holds it.
pub(in crate::csp_evaluator) fn base_uri_of_all(policies: &[Policy], findings: &mut Vec<Finding>) {
    let needs = |policy: &Policy| {
        policy.has_nonce("script-src") || (policy.has_hash("script-src") && policy.has_strict_dynamic("script-src"))
    };
    if policies.iter().any(needs) && !policies.iter().any(|policy| policy.has("base-uri")) {
        findings.push(missing("base-uri"));
    }
}

fn missing(directive: &str) -> Finding {
    Finding::of(Kind::MissingDirectives, Severity::High, directive)
}
