//! The judgement: facts, rules, explanations, findings.
//!
//! Facts are what was seen, rules are what is known, and [`judge`] brings both together. Nothing
//! here fetches, reads files or mends.

pub mod apache;
pub mod apps;
pub mod caching;
pub mod catalog;
pub mod containers;
pub mod content;
pub mod contradictions;
pub mod cookies;
pub mod cross_origin;
pub mod csp;
pub mod csp_evaluator;
pub mod django;
mod example;
mod explanation;
pub mod facts;
mod finding;
pub mod framing;
#[doc(hidden)]
pub mod fuzzing;
pub mod header_letter;
pub mod json;
mod judge;
pub mod krakend;
pub mod leaks;
pub mod nginx;
pub mod observatory;
pub mod obsolete;
pub mod reporting;
mod rule;
pub mod secrets;
pub mod servers;
mod severity;
mod sightings;
pub mod systemd;
pub mod tls;
pub mod together;
mod topic;
pub mod transport;

pub use explanation::{Explanation, Fix, Platform, Reference};
pub use facts::{Facts, Observed, Place, Provenance, Response};
pub use finding::{Confidence, Edit, Finding, Findings, Safety};
pub use judge::judge;
pub use rule::{Example, Format, Rule};
pub use severity::Severity;
pub use topic::Topic;
