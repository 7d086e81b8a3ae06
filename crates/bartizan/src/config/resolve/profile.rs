//! The set of defaults that a site starts from.

use bartizan_proxy::config::Policy;

use super::super::words::ProfileName;

/// Returns what a profile says.
pub(super) fn policy(_profile: ProfileName) -> Policy {
    Policy::default()
}
