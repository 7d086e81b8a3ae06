//! Automation in Rust: `cargo xtask <command>`.
//!
//! Everything that a person or the continuous integration does to the whole project, so that no
//! knowledge of it lives in shell scripts. Nothing here is part of the product.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a tool for the terminal speaks to the terminal")]

mod bench;
mod ci;
mod docs;
mod journeys;
mod process;
mod project;
mod setup;
mod step;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use project::Project;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Automation for the project", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Measures bartizan against its peers.
    Bench(bench::Options),
    /// A client that loads a proxy; started by `bench`.
    #[command(hide = true)]
    BenchClient(bench::client::Options),
    /// An upstream that is never the bottleneck; started by `bench`.
    #[command(hide = true)]
    BenchUpstream,
    /// Runs every check, cheapest first, and prints what each took.
    Ci,
    /// Writes the reference pages in docs/, or checks them.
    Docs(docs::Options),
    /// Goes the journeys through real apps, and writes docs/journeys.md.
    Journeys(journeys::Options),
    /// Installs what the tests need and is missing.
    Setup,
    /// Runs `setup`, then `ci`: the one test command.
    Test,
    /// Checks what the compiler does not: floors, names, docs, order, fuzz targets.
    Tidy,
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Bench(options) => Project::find().and_then(|project| bench::run(&project, &options)),
        Command::BenchClient(options) => bench::client::run(&options),
        Command::BenchUpstream => bench::upstream::run(),
        Command::Ci => Project::find().and_then(|project| ci::run(&project)),
        Command::Docs(options) => Project::find().and_then(|project| docs::run(&project, &options)),
        Command::Journeys(options) => Project::find().and_then(|project| journeys::run(&project, &options)),
        Command::Setup => Project::find().and_then(|project| setup::run(&project)),
        // Checks that need nothing outside still say their part when something cannot be installed.
        Command::Test => Project::find().and_then(|project| {
            let installed = setup::run(&project);
            ci::run(&project).and(installed)
        }),
        Command::Tidy => Project::find().and_then(|project| tidy::run(&project)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
