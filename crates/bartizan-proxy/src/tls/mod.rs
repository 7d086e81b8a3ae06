//! TLS towards clients.
