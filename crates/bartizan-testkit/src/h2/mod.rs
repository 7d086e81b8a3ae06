//! HTTP/2 frame by frame (RFC 9113): whatever a test wants to send, and what comes back in words.
//!
//! It keeps no state that would stop a test from breaking the protocol: no windows, no stream states.

mod client;
mod frame;
mod hpack;
mod huffman;

pub use client::{Answer, H2Client, Outcome};
pub use frame::{Frame, PREFACE, flag, kind};
pub use hpack::{Decoder, Field, encode, indexed, indexing};
