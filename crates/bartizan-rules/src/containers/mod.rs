//! Faults in how containers are put together.

use crate::rule::Rule;

pub mod capabilities_kept;
pub mod image_unpinned;
pub mod port_beside_proxy;
pub mod privileged;
pub mod privileges_gainable;
pub mod root_writable;
pub mod runs_as_root;
pub mod socket_mounted;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[
    &capabilities_kept::RULE,
    &image_unpinned::RULE,
    &port_beside_proxy::RULE,
    &privileged::RULE,
    &privileges_gainable::RULE,
    &root_writable::RULE,
    &runs_as_root::RULE,
    &socket_mounted::RULE,
];
