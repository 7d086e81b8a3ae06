//! The door as a library, so that tests can use what the program uses.

pub mod config;
