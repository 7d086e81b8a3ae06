//! Hosts from which scripts may come, and which serve what gets around a policy.

use crate::csp_evaluator::address::Address;
use crate::csp_evaluator::bypass::{ANGULAR, JSONP, JSONP_WITH_EVAL};
use crate::csp_evaluator::finding::{Finding, Kind, Severity};
use crate::csp_evaluator::policy::Policy;
use crate::csp_evaluator::words::{NONE, SELF, UNSAFE_EVAL, is_scheme};

pub(in crate::csp_evaluator) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    for directive in policy.speakers(&["script-src", "script-src-elem"]) {
        let values = policy.values(directive);
        if values.iter().any(|value| value == NONE) {
            continue;
        }
        let has_eval = values.iter().any(|value| value == UNSAFE_EVAL);
        for value in values {
            let severity = if value == SELF {
                Severity::MediumMaybe
            } else if value.starts_with('\'') || is_scheme(value) || !value.contains('.') {
                continue;
            } else if Address::of(value).is_some_and(|address| is_way_around(&address, has_eval)) {
                Severity::High
            } else {
                Severity::MediumMaybe
            };
            findings.push(Finding::at(Kind::ScriptAllowlistBypass, severity, directive, value));
        }
    }
}

/// Only the first address that is covered decides whether text must become code for it, as there.
fn is_way_around(address: &Address, has_eval: bool) -> bool {
    let jsonp = JSONP.iter().find(|known| address.covers(**known));
    let jsonp = jsonp.is_some_and(|(host, _)| has_eval || !JSONP_WITH_EVAL.contains(host));
    jsonp || ANGULAR.iter().any(|known| address.covers(*known))
}
