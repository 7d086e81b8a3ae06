//! The engine: SecLang rules over requests and responses.
//!
//! It reads rule files and judges values that it is given. It knows no network, no clock and nothing else of Bartizan.

pub mod body;
pub mod byte_set;
pub mod operators;
pub mod sqli;
pub mod transformations;
pub mod xss;
