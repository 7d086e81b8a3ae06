//! Faults in what a site tells of itself and its visitors.

use crate::rule::Rule;

mod fixes;

pub mod debug_page_shown;
pub mod directory_listing_shown;
pub mod error_page_headers_missing;
pub mod file_exposed;
pub mod forwarded_host_reflected;
pub mod generator_disclosed;
pub mod internal_headers_disclosed;
pub mod method_override_heeded;
pub mod methods_offered;
pub mod powered_by_disclosed;
pub mod referrer_policy_missing;
pub mod referrer_policy_unsafe;
pub mod robots_names_inside;
pub mod server_version_disclosed;
pub mod source_map_exposed;
pub mod trace_answered;
pub mod unknown_host_answered;
pub mod via_disclosed;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &debug_page_shown::RULE,
    &directory_listing_shown::RULE,
    &error_page_headers_missing::RULE,
    &file_exposed::RULE,
    &forwarded_host_reflected::RULE,
    &generator_disclosed::RULE,
    &internal_headers_disclosed::RULE,
    &method_override_heeded::RULE,
    &methods_offered::RULE,
    &powered_by_disclosed::RULE,
    &referrer_policy_missing::RULE,
    &referrer_policy_unsafe::RULE,
    &robots_names_inside::RULE,
    &server_version_disclosed::RULE,
    &source_map_exposed::RULE,
    &trace_answered::RULE,
    &unknown_host_answered::RULE,
    &via_disclosed::RULE,
];
