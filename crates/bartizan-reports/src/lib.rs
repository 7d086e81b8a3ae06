//! The post room: what browsers report, normalised, counted, stored.
//!
//! It runs behind the wall or alone, and knows neither the wall nor the command line.

pub mod address;
pub mod advise;
pub mod alerts;
pub mod collector;
pub mod counting;
pub mod endpoint;
pub mod formats;
pub mod forwarded;
pub mod fuzzing;
pub mod import;
pub mod json;
pub mod metrics;
pub mod noise;
pub mod receive;
mod recent;
pub mod report;
pub mod rules;
pub mod server;
pub mod shape;
pub mod sketch;
pub mod store;
pub mod subject;
mod trust;
