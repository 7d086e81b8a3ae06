//! Headers that once helped and no longer do.

pub mod expect_ct_obsolete;
pub mod hpkp_obsolete;
pub mod xss_filter_on;
