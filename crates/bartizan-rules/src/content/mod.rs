//! Faults in how content is labelled.

use crate::rule::Rule;

pub mod nosniff_missing;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[&nosniff_missing::RULE];
