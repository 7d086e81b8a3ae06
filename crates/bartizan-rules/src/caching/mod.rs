//! Faults in who may keep a response.

use crate::rule::Rule;

pub mod private_answer_cacheable;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[&private_answer_cacheable::RULE];
