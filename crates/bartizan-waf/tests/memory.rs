//! What rules and transactions take of memory: bounded, and no more after many requests than after some.
//!
//! In a process of its own: whatever else a test keeps would be counted.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test ends at the first surprise, and says its figures")]

mod support;

use bartizan_waf::Transaction;
use support::{Given, Setup, cases, corpus, judge, rules};

#[test]
fn rules_and_requests_take_bounded_memory() {
    let Some(corpus) = corpus() else { return };
    let before = resident_kib();
    let strict = rules(&corpus, Setup::Testing);
    let at_four = resident_kib() - before;
    let rules = rules(&corpus, Setup::Blocking);
    let at_one = resident_kib() - before - at_four;
    eprintln!("rules: {at_four} KiB at paranoia level 4, {at_one} KiB at 1");
    // Both levels are the same files: a set takes the same memory, apart from what is only used at the higher one.
    assert!(at_four < MOST_RULES_KIB && at_one < MOST_RULES_KIB, "{at_four} and {at_one} KiB");
    drop(strict);

    let mut transaction = Transaction::new(rules);
    let given: Vec<Given> = cases(&corpus.join("bench.jsonl")).iter().map(|case| Given::read(&case["given"])).collect();
    let requests: u32 = std::env::var("BARTIZAN_REQUESTS").ok().and_then(|text| text.parse().ok()).unwrap_or(600);
    let mut after_some = 0;
    for number in 0..requests {
        // Every tenth is one of all sizes; the others hold texts that were never seen before.
        match given.get((number / 10) as usize % given.len()).filter(|_| number % 10 == 0) {
            Some(given) => judge(&mut transaction, given, u64::MAX),
            None => {
                let uri = format!("/item/{number}?a={number}&b=x%20{number}&session={:x}", u64::from(number) * 7_919);
                judge(&mut transaction, &Given::get(uri.into_bytes()), u64::MAX);
            }
        }
        if number == requests / 4 {
            after_some = resident_kib();
        }
    }
    let growth = resident_kib().saturating_sub(after_some);
    eprintln!("{requests} requests: {growth} KiB more than after a quarter of them");
    assert!(growth < MOST_GROWTH_KIB, "{growth} KiB");
}

/// Memory of this process that is resident, in KiB.
fn resident_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// What is promised for one set of rules.
const MOST_RULES_KIB: u64 = 64 << 10;
/// What an allocator may keep of it for itself.
const MOST_GROWTH_KIB: u64 = 8 << 10;
