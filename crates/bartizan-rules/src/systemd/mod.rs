//! Faults in systemd units, and how exposed a service is.

use crate::rule::Rule;

pub mod address_families_open;
pub mod capabilities_wide;
pub mod devices_reachable;
pub mod exposure;
pub mod home_visible;
pub mod kernel_changeable;
pub mod key_unknown;
pub mod keys;
pub mod list_name_unknown;
pub mod memory_executable;
pub mod namespaces_open;
pub mod personality_changeable;
pub mod privileges_gainable;
pub mod realtime_allowed;
pub mod refused;
pub mod runs_as_root;
pub mod suid_makeable;
pub mod system_calls_unfiltered;
pub mod system_writable;
pub mod tmp_shared;
pub mod value_ignored;

mod lacking;
mod newer;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &address_families_open::RULE,
    &capabilities_wide::RULE,
    &devices_reachable::RULE,
    &home_visible::RULE,
    &kernel_changeable::RULE,
    &key_unknown::RULE,
    &list_name_unknown::RULE,
    &memory_executable::RULE,
    &namespaces_open::RULE,
    &personality_changeable::RULE,
    &privileges_gainable::RULE,
    &realtime_allowed::RULE,
    &refused::RULE,
    &runs_as_root::RULE,
    &suid_makeable::RULE,
    &system_calls_unfiltered::RULE,
    &system_writable::RULE,
    &tmp_shared::RULE,
    &value_ignored::RULE,
];
