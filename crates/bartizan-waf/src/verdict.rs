//! What an evaluation found: rules that matched, and whether the transaction is refused.

use crate::seclang::Place;

/// How far an evaluation came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// The phase is complete.
    Done,
    /// The budget is spent: `run` goes on where it stopped.
    More,
}

/// What is done with the transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is refused.
    Deny,
    /// The connection is closed without an answer.
    Drop,
    /// The client is sent elsewhere.
    Redirect(String),
}

/// Why a transaction is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A body is longer than its limit.
    BodyLimit,
    /// The transaction costs more than its limits allow.
    Exhausted,
    /// A rule said so.
    Rule(u64),
}

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// What is done.
    pub action: Action,
    /// The status that the client sees.
    pub status: u16,
    /// The phase, from 1 to 5.
    pub phase: u8,
    /// Why.
    pub reason: Reason,
}

/// A rule that matched and is logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The rule's identifier.
    pub id: u64,
    /// Where the rule stands.
    pub place: Place,
    /// The phase, from 1 to 5.
    pub phase: u8,
    /// What it means.
    pub msg: String,
    /// More about it.
    pub logdata: String,
    /// The rule's tags.
    pub tags: Vec<String>,
    /// From 0, emergency, to 7, debug.
    pub severity: Option<u8>,
    /// The version of the rules.
    pub ver: String,
    /// The rule's revision.
    pub rev: String,
    /// The values that matched, the first ones of them.
    pub parts: Vec<Part>,
    /// Whether the match makes the transaction relevant for the audit log.
    pub is_audited: bool,
}

/// A value that matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name in rules: `ARGS:q`.
    pub name: String,
    /// The beginning of the value after transformations.
    pub excerpt: Vec<u8>,
}

/// Everything that is known of a transaction so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The refusal that took effect.
    pub refusal: Option<Refusal>,
    /// The refusal that would have taken effect if the engine did not only watch.
    pub watched: Option<Refusal>,
    /// The inbound anomaly score.
    pub score: Option<i64>,
    /// The rules that matched and are logged, in the order in which they did.
    pub matches: Vec<Match>,
    /// Whether a limit was reached, so that not everything was looked at.
    pub is_exhausted: bool,
}
