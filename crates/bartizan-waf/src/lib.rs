//! The engine: SecLang rules over requests and responses.
//!
//! It reads rule files and judges values that it is given. It knows no network, no clock and nothing else of Bartizan.

mod actions;
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
pub mod operators;
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

pub use files::{Disk, Files};
pub use ruleset::{Exception, RuleSet};
pub use seclang::{LoadError, LoadErrors};
pub use settings::{Limits, Settings};
pub use transaction::{Fed, Phase, Start, Transaction};
pub use verdict::{Action, Match, Part, Progress, Reason, Refusal, Verdict};
