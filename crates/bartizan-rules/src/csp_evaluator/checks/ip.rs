//! Numeric addresses, and values that can be no address at all.

use crate::csp_evaluator::address::{Address, is_numeric};
use crate::csp_evaluator::finding::{Finding, Kind, Severity};
use crate::csp_evaluator::policy::Policy;

pub(in crate::csp_evaluator) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    for (directive, values) in &policy.directives {
        for value in values {
            match Address::of(value) {
                Some(address) if is_numeric(&address.host()) => {
                    findings.push(Finding::at(Kind::IpSource, Severity::Info, directive, value));
                }
                Some(_) => {}
                None => findings.push(Finding::at(Kind::InvalidSource, Severity::Syntax, directive, value)),
            }
        }
    }
}
