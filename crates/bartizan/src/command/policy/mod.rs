//! `bartizan policy`: work on Content-Security-Policy texts.

mod evaluate;

use clap::Subcommand;

use crate::exit_code::Outcome;

/// `bartizan policy`.
#[derive(Debug, Subcommand)]
pub enum Policy {
    /// Judge a policy, or several that are enforced together, as Google's CSP Evaluator does
    Evaluate(evaluate::Evaluate),
}

pub(super) fn run(policy: &Policy) -> anyhow::Result<Outcome> {
    match policy {
        Policy::Evaluate(evaluate) => evaluate::run(evaluate),
    }
}
