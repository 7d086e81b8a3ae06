//! The steps of a response, one file each; their order stands in `../order.rs`.
