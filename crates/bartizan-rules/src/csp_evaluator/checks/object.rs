//! Hosts from which plug-in content may come.

use crate::csp_evaluator::address::Address;
use crate::csp_evaluator::bypass::FLASH;
use crate::csp_evaluator::finding::{Finding, Kind, Severity};
use crate::csp_evaluator::policy::Policy;
use crate::csp_evaluator::words::NONE;

pub(in crate::csp_evaluator) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    let directive = policy.speaker("object-src");
    let values = policy.values(directive);
    let has_flash = policy.values("plugin-types").iter().any(|value| value == "application/x-shockwave-flash");
    if (policy.has("plugin-types") && !has_flash) || values.iter().any(|value| value == NONE) {
        return;
    }
    for value in values {
        let is_known = Address::of(value).is_some_and(|address| FLASH.iter().any(|known| address.covers(*known)));
        if is_known {
            findings.push(Finding::at(Kind::ObjectAllowlistBypass, Severity::High, directive, value));
        } else if directive == "object-src" {
            findings.push(Finding::at(Kind::ObjectAllowlistBypass, Severity::MediumMaybe, directive, value));
        }
    }
}
