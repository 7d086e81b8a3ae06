//! The scribe: pages stream through, and what they are known to contain is met with nonces.
//!
//! A page leaves as it came, byte for byte, but for the nonces that are inserted. This crate knows no network and no
//! clock, and decides nothing about policies: it finds what a page contains, asks the inventory, and inserts.

mod attributes;
pub mod coding;
mod digest;
mod echo;
mod files;
pub mod fuzzing;
mod inventory;
mod item;
mod references;
mod rewriter;
mod shape;
mod stream;
mod tags;

pub use digest::Digest;
pub use files::{Files, Served};
pub use inventory::{Inventory, Limits, Sighting};
pub use item::{Item, Load, Seen, Verdict};
pub use rewriter::{Asker, Depth, MOST_SEEN, Page, Rewriter, Summary, Unknown, UnsupportedCharset};
pub use shape::shape;
