//! The formats that are read, one folder each.

pub mod compose;
pub mod django;
pub mod dockerfile;
pub mod elixir;
pub mod environment;
pub mod krakend;
