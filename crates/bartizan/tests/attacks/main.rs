//! Attacks, byte for byte, against the running program: what the app behind it received, what the attacker got,
//! and whether the next visitor noticed. Each table of attacks stands beside one of requests that must pass.
#![expect(clippy::unwrap_used, reason = "a test ends where it fails")]

mod framing;
mod harness;
mod host;
mod http2;
mod identity;
mod lines;
mod path;
mod response;
mod tls;
mod upgrade;
