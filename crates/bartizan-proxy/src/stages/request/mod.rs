//! The steps of a request, one file each; their order stands in `../order.rs`.

pub mod framing;
pub mod host;
pub mod size;
#[cfg(test)]
mod testing;
