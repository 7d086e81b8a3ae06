//! Faults in who may keep a response.

use crate::rule::Rule;

pub mod cookie_in_public_answer;
pub mod private_answer_cacheable;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[&cookie_in_public_answer::RULE, &private_answer_cacheable::RULE];
