//! Whether a value changes the meaning of an SQL statement that it is put into.
//!
//! The value is read as a piece of SQL: as it stands, and as what follows a quote that the statement opened. Its tokens are
//! folded to at most five, whose kinds are a fingerprint; a table knows the fingerprints of attacks. The method and the
//! tables are those of libinjection, and the verdicts and fingerprints are the same.

mod fold;
mod judge;
mod table;
mod token;
mod tokens;

pub use judge::{Fingerprint, detect};
