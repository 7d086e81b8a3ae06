//! Measures the engine: `measure [SECONDS] [1|4] [NAME] [fresh]`, CPU microseconds for each transaction at that paranoia
//! level, where its texts were seen before, or never.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a tool for whoever works on the engine")]

#[path = "../tests/support/mod.rs"]
mod support;

use bartizan_waf::Transaction;
use support::{Given, HOSTILE, Setup, cases, corpus, hostile, judge, rules};

fn main() {
    let seconds: f64 = std::env::args().nth(1).and_then(|seconds| seconds.parse().ok()).unwrap_or(1.0);
    let Some(corpus) = corpus() else { return };
    let start = cpu();
    let rules = rules(
        &corpus,
        if std::env::args().nth(2).is_some_and(|level| level == "4") { Setup::Testing } else { Setup::Blocking },
    );
    println!("{:>16} {:>10.1} ms", "load", (cpu() - start) * 1e3);
    let mut transaction = Transaction::new(rules);
    let mut given: Vec<_> = cases(&corpus.join("bench.jsonl"))
        .iter()
        .map(|case| (case["id"].as_str().unwrap().to_owned(), Given::read(&case["given"])))
        .collect();
    given.extend(HOSTILE.iter().map(|(name, unit)| ((*name).to_owned(), hostile(unit))));
    let wanted = std::env::args().nth(3).unwrap_or_default();
    let is_fresh = std::env::args().nth(4).is_some();
    for (name, given) in given.into_iter().filter(|(name, _)| name.contains(&wanted)) {
        judge(&mut transaction, &given, u64::MAX);
        let found = transaction.matches().len();
        let (start, mut count) = (cpu(), 0_u32);
        while cpu() - start < seconds {
            for _ in 0..10 {
                if is_fresh {
                    transaction.forget();
                }
                judge(&mut transaction, &given, u64::MAX);
                count += 1;
            }
        }
        println!("{name:>16} {:>10.1} µs, {found} rules, {count} times", (cpu() - start) * 1e6 / f64::from(count));
    }
}

/// Seconds that this thread has run: the machine has other work.
fn cpu() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}
