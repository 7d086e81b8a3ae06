//! The window: server-rendered pages over reports, rules and what a wall knows.
//!
//! It runs on the admin listener of a wall or beside a collector alone, and knows neither the proxy nor the command
//! line: a store is opened for it, and a wall answers by [`wall::WallView`]. Nothing is loaded from elsewhere, and
//! reading needs no script.

pub mod access;
mod api;
mod assets;
mod chart;
mod dashboard;
#[doc(hidden)]
pub mod fuzzing;
mod headers;
mod html;
mod listing;
mod live;
mod pages;
mod query;
mod sign_in;
pub mod wall;
mod when;

pub use dashboard::{Body, Dashboard, OpenStore, Settings, Sources};
