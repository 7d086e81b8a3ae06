//! The reader: deployment files become facts with lines and columns.
//!
//! It never runs what it reads, and reads nothing outside the tree that it was given.

pub mod discover;
pub mod edit;
pub mod formats;
#[doc(hidden)]
pub mod fuzzing;
mod settings;
mod source;
mod tree;

pub use settings::{DjangoCsp, DjangoVersion, Settings};
pub use source::Source;
pub use tree::{LARGEST, ReadError, Tree};
