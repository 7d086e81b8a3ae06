//! Faults in what other origins may do with a site.

use crate::rule::Rule;

pub mod coop_missing;
pub mod corp_missing;
pub mod cross_domain_policies_missing;
pub mod origin_agent_cluster_missing;
pub mod permissions_policy_missing;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &coop_missing::RULE,
    &corp_missing::RULE,
    &cross_domain_policies_missing::RULE,
    &origin_agent_cluster_missing::RULE,
    &permissions_policy_missing::RULE,
];
