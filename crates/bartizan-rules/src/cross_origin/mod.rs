//! Faults in what other origins may do with a site.

use crate::rule::Rule;

mod fixes;

pub mod coop_missing;
pub mod corp_missing;
pub mod cors_any_origin_with_credentials;
pub mod cors_lookalike_origin;
pub mod cors_null_origin;
pub mod cors_plain_http_origin;
pub mod cors_private_network;
pub mod cors_vary_missing;
pub mod cors_wildcard_with_credentials;
pub mod cross_domain_policies_missing;
pub mod cross_origin_isolation_half;
pub mod open_redirect;
pub mod origin_agent_cluster_missing;
pub mod permissions_policy_malformed;
pub mod permissions_policy_missing;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &coop_missing::RULE,
    &corp_missing::RULE,
    &cors_any_origin_with_credentials::RULE,
    &cors_lookalike_origin::RULE,
    &cors_null_origin::RULE,
    &cors_plain_http_origin::RULE,
    &cors_private_network::RULE,
    &cors_vary_missing::RULE,
    &cors_wildcard_with_credentials::RULE,
    &cross_domain_policies_missing::RULE,
    &cross_origin_isolation_half::RULE,
    &open_redirect::RULE,
    &origin_agent_cluster_missing::RULE,
    &permissions_policy_malformed::RULE,
    &permissions_policy_missing::RULE,
];
