//! `cargo xtask ci`: every check of the project, cheapest first.

use std::env;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::docs;
use crate::process;
use crate::project::{Project, cargo};
use crate::setup;
use crate::step::{Step, run_all};
use crate::tidy;

/// What the README promises of a clean release build on two cores.
const RELEASE_LIMIT: Duration = Duration::from_secs(6 * 60);

static STEPS: &[Step] = &[
    Step { name: "fmt", run: |project| run_cargo(project, &["fmt", "--all", "--check"]) },
    Step { name: "tidy", run: tidy::run },
    Step { name: "deny", run: deny },
    Step {
        name: "clippy",
        run: |it| run_cargo(it, &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    },
    Step { name: "docs in step", run: docs::check },
    Step { name: "rustdoc", run: rustdoc },
    Step { name: "release build", run: release_build },
    Step { name: "doctests", run: |project| run_cargo(project, &["test", "--quiet", "--workspace", "--doc"]) },
    Step { name: "tests", run: tests },
];

/// Runs every step, and fails if one did.
pub(crate) fn run(project: &Project) -> Result<()> {
    run_all(project, "summary", STEPS)
}

/// Licences, sources and doubles; advisories need a copy of a database and are asked elsewhere.
fn deny(project: &Project) -> Result<()> {
    ensure!(setup::tools::is_there("cargo-deny"), "cargo-deny is missing: cargo xtask setup installs it");
    run_cargo(project, &["deny", "check", "--hide-inclusion-graph", "bans", "licenses", "sources"])
}

fn rustdoc(project: &Project) -> Result<()> {
    let mut command = cargo();
    command.args(["doc", "--quiet", "--no-deps", "--workspace"]);
    process::run(command.env("RUSTDOCFLAGS", "-D warnings").current_dir(&project.root))
}

/// Builds what the README's first command builds, and holds it to the promised time.
fn release_build(project: &Project) -> Result<()> {
    let is_clean = !project.target.join("release").exists();
    let start = Instant::now();
    run_cargo(project, &["build", "--release"])?;
    let took = start.elapsed();
    let state = if is_clean { "clean" } else { "not clean: built upon an earlier one" };
    println!("release build: {:.0} s ({state}); the limit is {} s", took.as_secs_f64(), RELEASE_LIMIT.as_secs());
    if took > RELEASE_LIMIT {
        bail!("the release build takes too long");
    }
    Ok(())
}

/// Runs all tests, with the programs that `setup` brought before those of the machine.
fn tests(project: &Project) -> Result<()> {
    let mut command = cargo();
    if setup::tools::is_there("cargo-nextest") {
        command.args(["nextest", "run", "--workspace", "--no-fail-fast"]);
    } else {
        println!("cargo-nextest is missing (cargo xtask setup installs it): falling back to cargo test");
        command.args(["test", "--quiet", "--workspace", "--no-fail-fast", "--lib", "--bins", "--tests"]);
    }
    let rest = env::var_os("PATH").unwrap_or_default();
    let path = env::join_paths([setup::programs(project)].into_iter().chain(env::split_paths(&rest)));
    process::run(command.env("PATH", path.context("PATH is unusable")?).current_dir(&project.root))
}

fn run_cargo(project: &Project, arguments: &[&str]) -> Result<()> {
    let mut command: Command = cargo();
    process::run(command.args(arguments).current_dir(&project.root))
}
