//! `bartizan waf test`: which rules match a request, and whether it is refused.

use std::io::{BufRead as _, Read as _, Write as _};

use bartizan_waf::Transaction;
use serde::Serialize;

use super::Test;
use super::exchange::Case;
use crate::exit_code::Outcome;

/// What is said of a case.
#[derive(Debug, Serialize)]
struct Answer<'a> {
    id: &'a serde_json::Value,
    /// The rules that matched and are logged, each once.
    matched: Vec<u64>,
    /// Whether a refusal took effect.
    blocked: bool,
    /// What the client sees.
    status: u16,
    /// The inbound anomaly score.
    score: Option<i64>,
}

pub(super) fn run(test: &Test) -> anyhow::Result<Outcome> {
    let rules = match test.rules.load() {
        Ok(rules) => rules,
        Err(outcome) => return Ok(outcome),
    };
    let mut transaction = Transaction::new(rules);
    let mut out = std::io::BufWriter::new(anstream::stdout().lock());
    if test.jsonl {
        for line in std::io::stdin().lock().lines() {
            let line = line?;
            if line.trim().is_empty() {
                continue;
            }
            judge(&Case::of_json(&line)?, &mut transaction, &mut out)?;
        }
    } else {
        let mut request = Vec::new();
        match &test.request {
            Some(path) => request = std::fs::read(path)?,
            None => {
                std::io::stdin().lock().read_to_end(&mut request)?;
            }
        }
        judge(&Case::of_http(&request)?, &mut transaction, &mut out)?;
    }
    out.flush()?;
    Ok(Outcome::Fine)
}

fn judge(case: &Case, transaction: &mut Transaction, out: &mut impl std::io::Write) -> anyhow::Result<()> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    case.judge(transaction, now);
    let mut matched = Vec::new();
    for id in transaction.matches().iter().map(|found| found.id) {
        if !matched.contains(&id) {
            matched.push(id);
        }
    }
    let refusal = transaction.refusal();
    let status = refusal.map(|refusal| refusal.status).or(case.status()).unwrap_or(200);
    let answer = Answer { id: &case.id, matched, blocked: refusal.is_some(), status, score: transaction.score() };
    writeln!(out, "{}", serde_json::to_string(&answer)?)?;
    Ok(())
}
