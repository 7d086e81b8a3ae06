//! Every store passes one suite, and each its own tests of what can befall it.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

#[cfg(feature = "store-postgres")]
mod postgres;
mod sqlite;
mod suite;

use bartizan_reports::store::Memory;

#[test]
fn memory_passes_the_suite() {
    suite::SUITE.iter().for_each(|(_, check)| check(&mut Memory::new()));
}
