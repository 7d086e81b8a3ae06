//! Quoted words that are none, and words that lack their quotes.

use crate::csp_evaluator::finding::{Finding, Kind, Severity};
use crate::csp_evaluator::policy::Policy;
use crate::csp_evaluator::words::{is_bare_keyword, is_bare_nonce_or_hash, is_hash, is_keyword, is_nonce};

pub(in crate::csp_evaluator) fn check(policy: &Policy, findings: &mut Vec<Finding>) {
    for (directive, values) in &policy.directives {
        for value in values {
            let lacks_quotes = is_bare_keyword(value) || is_bare_nonce_or_hash(value);
            if lacks_quotes || (value.starts_with('\'') && !is_word_of(directive, value)) {
                findings.push(Finding::at(Kind::InvalidKeyword, Severity::Syntax, directive, value));
            }
        }
    }
}

fn is_word_of(directive: &str, value: &str) -> bool {
    match directive {
        "require-trusted-types-for" => value == "'script'",
        "trusted-types" => matches!(value, "'allow-duplicates'" | "'none'"),
        _ => is_keyword(value) || is_hash(value) || is_nonce(value),
    }
}
