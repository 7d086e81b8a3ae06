//! Faults in how content is labelled.

use crate::rule::Rule;

mod fixes;

pub mod charset_missing;
pub mod nosniff_missing;
pub mod sri_malformed;
pub mod sri_missing;
pub mod sri_without_crossorigin;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &charset_missing::RULE,
    &nosniff_missing::RULE,
    &sri_malformed::RULE,
    &sri_missing::RULE,
    &sri_without_crossorigin::RULE,
];
