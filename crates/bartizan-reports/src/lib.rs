//! The post room: what browsers report, normalised, counted, stored.
//!
//! It runs behind the wall or alone, and knows neither the wall nor the command line.

pub mod address;
pub mod counting;
pub mod formats;
pub mod json;
pub mod noise;
pub mod receive;
pub mod report;
pub mod shape;
pub mod sketch;
pub mod store;
pub mod subject;
