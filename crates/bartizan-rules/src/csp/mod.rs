//! Faults in what a page may load and run.

use crate::rule::Rule;

pub mod csp_base_uri_missing;
pub mod csp_missing;
pub mod csp_object_src_missing;
pub mod csp_script_unsafe_inline;

/// The rules of this topic, by id.
pub(crate) static RULES: &[&Rule] =
    &[&csp_base_uri_missing::RULE, &csp_missing::RULE, &csp_object_src_missing::RULE, &csp_script_unsafe_inline::RULE];
