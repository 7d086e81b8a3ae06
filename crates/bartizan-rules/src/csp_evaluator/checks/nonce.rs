//! Nonces that can be guessed, or are none.

use crate::csp_evaluator::finding::{Finding, Kind, Severity};
use crate::csp_evaluator::policy::Policy;
use crate::csp_evaluator::words::{is_nonce, nonce};

pub(in crate::csp_evaluator) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    for (directive, values) in &policy.directives {
        for value in values {
            let Some(nonce) = nonce(value) else { continue };
            // JavaScript counts in units of UTF-16.
            if nonce.encode_utf16().count() < 8 {
                findings.push(Finding::at(Kind::NonceLength, Severity::Medium, directive, value));
            }
            if !is_nonce(value) {
                findings.push(Finding::at(Kind::NonceCharset, Severity::Info, directive, value));
            }
        }
    }
}
