//! Faults in how content is labelled.

pub mod nosniff_missing;
