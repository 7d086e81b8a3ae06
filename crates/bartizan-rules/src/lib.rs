//! The judgement: facts, rules, explanations, findings.

mod explanation;

pub use explanation::{Explanation, Platform, Reference};

/// One fault of a site, and how it is found.
#[derive(Debug)]
pub struct Rule {
    /// What is known about it.
    pub about: Explanation,
}
