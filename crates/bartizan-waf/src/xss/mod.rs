//! Whether a value adds script to a page that it is put into.
//!
//! The value is read as HTML from each place of a page where values stand: as text, as an attribute, and inside each kind
//! of quotes. Tags, attributes and addresses that run script make it an attack. The method and the lists are those of
//! libinjection, and the verdicts are the same.

mod address;
mod html;
mod judge;
mod names;

pub use judge::detect;
