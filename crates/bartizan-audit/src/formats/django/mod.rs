//! Django settings: what they are once Python has run them, found without running anything.
//!
//! A settings module is evaluated over its syntax tree, once for each state of the environment that makes a difference.
//! Nothing is imported from outside the tree, and no Python is started.

mod evaluate;
mod failure_view;
mod guard;
mod library;
mod method;
mod options;
mod outcome;
mod read;
mod value;
mod worlds;

pub use self::options::{Options, Variables};
pub use self::read::{modules, read};
