//! The door: command line, configuration, wiring, output.
//!
//! It is a library so that tests can use what the program uses; `main.rs` only calls [`run`].

mod autopilot;
pub mod cli;
mod command;
pub mod config;
mod demo;
mod exit_code;
pub mod fuzzing;
mod output;
mod reporting;
mod window;

pub use exit_code::Outcome;
pub use output::findings;

/// Runs the program with the arguments and the environment of this process.
pub fn run() -> Outcome {
    command::run(&cli::parse(), &config::Environment::of_process())
}
