//! The judgement: facts, rules, explanations, findings.
//!
//! Facts are what was seen, rules are what is known, and [`judge`] brings both together. Nothing
//! here fetches, reads files or mends.

pub mod caching;
pub mod catalog;
pub mod content;
pub mod cookies;
pub mod cross_origin;
pub mod csp;
pub mod csp_evaluator;
mod explanation;
pub mod facts;
mod finding;
pub mod framing;
#[doc(hidden)]
pub mod fuzzing;
mod judge;
pub mod leaks;
pub mod obsolete;
pub mod reporting;
mod rule;
mod severity;
mod topic;
pub mod transport;

pub use explanation::{Explanation, Platform, Reference};
pub use facts::{Facts, Observed, Place, Provenance, Response};
pub use finding::{Confidence, Edit, Finding, Findings, Safety};
pub use judge::judge;
pub use rule::{Example, Format, Rule};
pub use severity::Severity;
pub use topic::Topic;
