//! `bartizan dashboard`: what its configuration needs and nobody writes by hand.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::process::{Command, Stdio};

use anyhow::Context as _;
use bartizan_dashboard::access::{PasswordHash, new_token};
use clap::Subcommand;

use crate::exit_code::Outcome;
use crate::output::{error, hint};

/// `bartizan dashboard`.
#[derive(Debug, Subcommand)]
pub enum Dashboard {
    /// Hash a password, read from standard input, for a [[dashboard.user]]
    HashPassword,
    /// Make a token for a program, and the hash for its [[dashboard.token]]
    NewToken,
}

pub(super) fn run(dashboard: &Dashboard) -> anyhow::Result<Outcome> {
    match dashboard {
        Dashboard::HashPassword => hash_password(),
        Dashboard::NewToken => make_token(),
    }
}

fn hash_password() -> anyhow::Result<Outcome> {
    let password = read_password()?;
    if password.chars().count() < SHORTEST {
        error(&anyhow::anyhow!("the password is too short"));
        hint(&format!("{SHORTEST} characters at least; some words in a row are easy to keep"));
        return Ok(Outcome::Usage);
    }
    if password.len() > LONGEST {
        error(&anyhow::anyhow!("the password is too long: {LONGEST} bytes at most"));
        return Ok(Outcome::Usage);
    }
    let hash = PasswordHash::make(&password)?;
    writeln!(anstream::stdout(), "{hash}")?;
    Ok(Outcome::Fine)
}

/// Reads one line; a terminal does not show it meanwhile.
fn read_password() -> anyhow::Result<String> {
    let input = std::io::stdin();
    let is_terminal = input.is_terminal();
    if is_terminal {
        hint("the password, which is not shown:");
        echo("-echo");
    }
    let mut line = String::new();
    let read = input.lock().read_line(&mut line);
    if is_terminal {
        echo("echo");
    }
    read.context("cannot read the password")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Where there is no `stty` the password is seen on one's own screen, and nothing else is lost.
fn echo(mode: &str) {
    let _ = Command::new("stty").arg(mode).stdin(Stdio::inherit()).stderr(Stdio::null()).status();
}

fn make_token() -> anyhow::Result<Outcome> {
    let (token, hash) = new_token().context("the system has no randomness to give")?;
    let mut out = anstream::stdout();
    writeln!(out, "token: {token}")?;
    writeln!(out, "hash:  {hash}")?;
    hint("the token is shown once; the configuration keeps the hash");
    Ok(Outcome::Fine)
}

/// NIST SP 800-63B, 3.1.1.2: fifteen for a password alone; twelve keeps guessing at bay where tries are throttled.
const SHORTEST: usize = 12;

/// What the form to sign in takes.
const LONGEST: usize = 256;
