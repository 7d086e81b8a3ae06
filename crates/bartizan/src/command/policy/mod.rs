//! `bartizan policy`: work on Content-Security-Policy texts, and on what browsers reported of them.

mod diff;
mod evaluate;
mod lines;
mod matching;
mod replay;
mod suggest;
mod told;
mod words;

use clap::Subcommand;

use crate::config::Environment;
use crate::exit_code::Outcome;

/// `bartizan policy`.
#[derive(Debug, Subcommand)]
pub enum Policy {
    /// Judge a policy, or several that are enforced together, as Google's CSP Evaluator does
    Evaluate(evaluate::Evaluate),
    /// Say whether a policy blocks what a page wants to load, as browsers decide it
    Match(matching::Match),
    /// Say which of the stored reports a policy would still block
    Replay(replay::Replay),
    /// Propose the narrowest policy that a site's violations allow
    Suggest(suggest::Suggest),
    /// Say what each of two policies allows that the other does not
    Diff(diff::Diff),
}

pub(super) fn run(policy: &Policy, environment: &Environment) -> anyhow::Result<Outcome> {
    match policy {
        Policy::Evaluate(evaluate) => evaluate::run(evaluate),
        Policy::Match(question) => matching::run(question),
        Policy::Replay(replay) => replay::run(replay, environment),
        Policy::Suggest(suggest) => suggest::run(suggest, environment),
        Policy::Diff(diff) => diff::run(diff),
    }
}
