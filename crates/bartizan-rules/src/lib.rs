//! The judgement: facts, rules, explanations, findings.

mod explanation;

pub use explanation::{Explanation, Platform, Reference};
