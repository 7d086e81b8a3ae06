//! `bartizan waf bench`: the processor time that a request costs.

use std::io::Write as _;
use std::time::Duration;

use bartizan_waf::Transaction;

use super::Bench;
use super::cpu::Cpu;
use super::exchange::Case;
use crate::exit_code::Outcome;

pub(super) fn run(bench: &Bench) -> anyhow::Result<Outcome> {
    let rules = match bench.rules.load() {
        Ok(rules) => rules,
        Err(outcome) => return Ok(outcome),
    };
    let text = std::fs::read_to_string(&bench.cases)?;
    let cases =
        text.lines().filter(|line| !line.trim().is_empty()).map(Case::of_json).collect::<anyhow::Result<Vec<_>>>()?;
    let mut transaction = Transaction::new(rules);
    let clock = Cpu::start();
    let mut out = anstream::stdout();
    for case in &cases {
        // The first round fills caches and finds how many rounds fit between two looks at the clock.
        let start = clock.now();
        case.judge(&mut transaction, 0);
        let once = clock.now().saturating_sub(start).max(Duration::from_micros(1));
        let batch = (BATCH.as_nanos() / once.as_nanos()).clamp(1, 10_000) as u32;
        let start = clock.now();
        let mut rounds = 0;
        let mut spent = Duration::ZERO;
        while spent < Duration::from_secs(bench.seconds) {
            for _ in 0..batch {
                if bench.fresh {
                    transaction.forget();
                }
                case.judge(&mut transaction, 0);
            }
            rounds += batch;
            spent = clock.now().saturating_sub(start);
        }
        let micros = spent.as_secs_f64() * 1e6 / f64::from(rounds.max(1));
        let name = case.id.as_str().map_or_else(|| case.id.to_string(), str::to_owned);
        writeln!(out, "{:<24} {micros:>12.1} µs of CPU per transaction", super::visible(&name))?;
    }
    Ok(Outcome::Fine)
}

/// How long the clock is not looked at.
const BATCH: Duration = Duration::from_millis(5);
