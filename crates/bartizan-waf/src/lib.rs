//! The engine: SecLang rules over requests and responses.
//!
//! It reads rule files and judges values that it is given. It knows no network, no clock and nothing else of Bartizan.
//!
//! - [`RuleSet::load`] reads rule files, or says everything that is wrong with them. A set of rules never changes and is
//!   shared by all transactions; [`RuleSet::exception`] prepares what a site or a route leaves out.
//! - [`Transaction`] takes one request and its response in the order in which they arrive. [`Transaction::begin_phase`]
//!   and [`Transaction::run`] judge what has come so far, for as long as the caller allows at a time. It is used again
//!   for the next request, and its memory with it.
//! - [`Transaction::refusal`] says what to do, [`Transaction::verdict`] why, and [`Transaction::audit_entry`] for the log.
//! - [`lint::lint`] says what whoever keeps the rules should know.

mod actions;
pub mod archive;
mod audit_log;
pub mod baseline;
pub mod bits;
pub mod body;
pub mod byte_set;
mod clock;
pub mod collections;
mod compile;
mod evaluate;
pub mod expand;
pub mod files;
pub mod fuzzing;
pub mod lint;
pub mod operators;
mod plugins;
mod prefilter;
pub mod preset;
pub mod rule;
pub mod ruleset;
pub mod seclang;
pub mod settings;
pub mod sqli;
pub mod transaction;
pub mod transformations;
mod values;
pub mod variable;
pub mod verdict;
pub mod xss;

pub use files::{Disk, Files, Inputs, Noted};
pub use ruleset::{Exception, RuleSet};
pub use seclang::{LoadError, LoadErrors};
pub use settings::{Exhausted, Limits, Settings};
pub use transaction::{Fed, Phase, Start, Transaction};
pub use verdict::{Action, Match, Part, Progress, Reason, Refusal, Verdict};
