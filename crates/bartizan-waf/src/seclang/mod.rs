//! The language of rule files: from text to directives that carry their places.
//!
//! Everything that the text alone can tell is checked here. What needs other rules (identifiers, markers, chains) is
//! checked by `compile`.

pub mod action;
pub mod directive;
pub mod error;
pub mod include;
pub mod lexer;
pub mod place;
pub mod target;

pub use action::{Action, Ctl};
pub use directive::Directive;
pub use error::{LoadError, LoadErrors, Problem};
pub use include::read;
pub use place::Place;
pub use target::{Role, Selector, Target};
