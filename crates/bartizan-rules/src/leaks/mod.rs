//! Faults in what a site tells of itself and its visitors.

use crate::rule::Rule;

pub mod file_exposed;
pub mod generator_disclosed;
pub mod powered_by_disclosed;
pub mod referrer_policy_missing;
pub mod referrer_policy_unsafe;
pub mod server_version_disclosed;
pub mod via_disclosed;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &file_exposed::RULE,
    &generator_disclosed::RULE,
    &powered_by_disclosed::RULE,
    &referrer_policy_missing::RULE,
    &referrer_policy_unsafe::RULE,
    &server_version_disclosed::RULE,
    &via_disclosed::RULE,
];
