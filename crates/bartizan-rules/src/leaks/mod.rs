//! Faults in what a site tells of itself and its visitors.

pub mod generator_disclosed;
pub mod powered_by_disclosed;
pub mod referrer_policy_missing;
pub mod referrer_policy_unsafe;
pub mod server_version_disclosed;
pub mod via_disclosed;
