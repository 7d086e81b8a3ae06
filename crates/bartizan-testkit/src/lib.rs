//! Helpers for tests: a recording upstream, raw wire clients, a test CA.
//!
//! Everything blocks, with a deadline, on threads of its own: a test that judges bytes must not share a
//! runtime, an HTTP library or a parser with what it judges. A helper that cannot go on panics with
//! what it saw, for that is a failed test.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

mod ca;
pub mod h2;
mod mail;
mod outside;
pub mod postgres;
mod program;
mod response;
mod trust;
mod upstream;
mod wait;
mod wire;

pub use ca::{Issued, TestCa};
pub use mail::{MailEncryption, MailOptions, MailServer};
pub use outside::{outside_program, skip};
pub use program::Program;
pub use response::RawResponse;
pub use trust::Trust;
pub use upstream::{RecordedRequest, RecordingUpstream, Release, Reply};
pub use wait::{DEADLINE, free_port, wait_until, wait_up_to};
pub use wire::{TlsOptions, WireClient};
