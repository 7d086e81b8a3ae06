//! Faults in where reports go.

use crate::rule::Rule;

pub mod report_to_unknown;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[&report_to_unknown::RULE];
