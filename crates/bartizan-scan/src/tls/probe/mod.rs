//! The questions put to a server, one a file: each opens its own connections and harms nothing.

pub(crate) mod alpn;
pub(crate) mod attack;
pub(crate) mod extensions;
pub(crate) mod groups;
pub(crate) mod resumption;
pub(crate) mod robot;
pub(crate) mod signatures;
pub(crate) mod suites;
pub(crate) mod tls13;
pub(crate) mod tolerance;
