//! Faults in what a page may load and run.

pub mod csp_base_uri_missing;
pub mod csp_missing;
pub mod csp_object_src_missing;
pub mod csp_script_unsafe_inline;
