//! Faults in what other origins may do with a site.

pub mod coop_missing;
pub mod corp_missing;
pub mod cross_domain_policies_missing;
pub mod origin_agent_cluster_missing;
pub mod permissions_policy_missing;
