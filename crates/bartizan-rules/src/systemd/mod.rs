//! Faults in systemd units, and how exposed a service is.

use crate::rule::Rule;

pub mod exposure;
pub mod keys;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[];
