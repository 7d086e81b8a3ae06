//! The steps of a request, one file each; their order stands in `../order.rs`.

pub mod client_address;
pub mod cookies_in;
pub mod cross_origin;
pub mod deny;
pub mod framing;
pub mod host;
pub mod https;
pub mod identity;
mod identity_names;
pub mod local;
pub mod method;
pub mod rate_limit;
pub mod resource_isolation;
pub mod security_txt;
pub mod size;
pub mod uploads;

pub use identity_names::{IDENTITY_NAMES, IDENTITY_STARTS};

#[cfg(test)]
mod testing;
