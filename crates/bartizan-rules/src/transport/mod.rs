//! Faults in how a site insists on HTTPS.

use crate::rule::Rule;

pub mod hsts_max_age_short;
pub mod hsts_missing;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] = &[&hsts_max_age_short::RULE, &hsts_missing::RULE];
