//! The post room: what browsers report, normalised, counted, stored.
//!
//! It runs behind the wall or alone, and knows neither the wall nor the command line.
