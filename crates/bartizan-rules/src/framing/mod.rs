//! Faults in who may show a page in a frame.

use crate::rule::Rule;

mod fixes;

pub mod frame_options_malformed;
pub mod framing_unrestricted;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[&frame_options_malformed::RULE, &framing_unrestricted::RULE];
