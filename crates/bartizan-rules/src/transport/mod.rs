//! Faults in how a site insists on HTTPS.

pub mod hsts_max_age_short;
pub mod hsts_missing;
