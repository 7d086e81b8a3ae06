//! The formats that are read, one folder each.

pub mod django;
pub mod krakend;
