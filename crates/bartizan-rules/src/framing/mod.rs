//! Faults in who may show a page in a frame.

use crate::rule::Rule;

pub mod framing_unrestricted;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[&framing_unrestricted::RULE];
