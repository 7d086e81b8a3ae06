//! The bytes of TLS as an outsider meets them: records, handshake messages, hellos.
//!
//! Everything read here came from a stranger: no function fails on it otherwise than by `None`, and
//! none keeps more than the limits beside it allow.

pub(crate) mod deframer;
pub(crate) mod flight;
pub(crate) mod hello;
pub(crate) mod key_exchange;
pub(crate) mod server_hello;
pub(crate) mod ssl2;
