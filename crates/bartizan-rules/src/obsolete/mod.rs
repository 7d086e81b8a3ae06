//! Headers that once helped and no longer do.

use crate::rule::Rule;

pub mod expect_ct_obsolete;
pub mod feature_policy_obsolete;
pub mod hpkp_obsolete;
pub mod xss_filter_on;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] =
    &[&expect_ct_obsolete::RULE, &feature_policy_obsolete::RULE, &hpkp_obsolete::RULE, &xss_filter_on::RULE];
