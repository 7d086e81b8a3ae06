//! What holds for the whole process and outlives a reload: bounded tables of atomics, metrics.

/// State that the workers share.
#[derive(Debug, Default)]
pub struct Shared {}
