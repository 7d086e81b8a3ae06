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
mod project;
mod read;
mod value;
mod worlds;

pub use self::options::{Options, Variables};
pub(crate) use self::project::read_named;
pub(super) use self::project::{claims, read as read_project};
pub use self::read::{modules, read};
