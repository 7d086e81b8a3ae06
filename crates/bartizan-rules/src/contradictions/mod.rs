//! Faults between what files say and what a site shows: set in Django, lost in nginx.
//!
//! These rules need both, and are silent where only one was looked at.

mod said;

use crate::rule::Rule;

pub mod header_differs;
pub mod header_doubled;
pub mod header_lost;
pub mod redirect_lost;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] =
    &[&header_differs::RULE, &header_doubled::RULE, &header_lost::RULE, &redirect_lost::RULE];
