//! The tests of the Core Rule Set: the rules that match at paranoia level 4, and what is refused at level 1.

mod support;

use std::collections::BTreeSet;

use bartizan_waf::Transaction;
use support::{Given, Setup, cases, corpus, judge, rules};

/// Tests of what a front end does before the engine sees the request, with the reason.
const FRONT_END: &[(&str, &str)] = &[
    ("920181-1", "a front end drops Content-Length where Transfer-Encoding stands"),
    ("920430-5", "a front end gives a request line without a version the version of its own"),
];

#[test]
fn rules_match_as_their_tests_expect() {
    let Some(corpus) = corpus() else { return };
    let mut transaction = Transaction::new(rules(&corpus, Setup::Testing));
    let (mut judged, mut wrong) = (0, Vec::new());
    for case in cases(&corpus.join("tests.jsonl")) {
        let id = case["id"].as_str().unwrap();
        if FRONT_END.iter().any(|(known, _)| *known == id) {
            continue;
        }
        for stage in case["stages"].as_array().unwrap() {
            let output = &stage["output"];
            let ids = |name: &str| -> Vec<u64> {
                output[name].as_array().unwrap().iter().filter_map(|id| id.as_u64()).collect()
            };
            let (expected, unexpected) = (ids("expect_ids"), ids("no_expect_ids"));
            if expected.is_empty() && unexpected.is_empty() {
                continue;
            }
            judged += 1;
            judge(&mut transaction, &Given::read(&stage["given"]), u64::MAX);
            let found: BTreeSet<u64> = transaction.matches().iter().map(|it| it.id).collect();
            let missing: Vec<_> = expected.iter().filter(|id| !found.contains(id)).collect();
            let surplus: Vec<_> = unexpected.iter().filter(|id| found.contains(id)).collect();
            if !missing.is_empty() || !surplus.is_empty() {
                wrong.push(format!(
                    "{id}: missing {missing:?}, surplus {surplus:?}; found {found:?}; peers {}",
                    stage["peers"]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {judged} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(judged > 2_000, "only {judged} tests are scorable");
}

#[test]
fn what_both_engines_refuse_is_refused() {
    let Some(corpus) = corpus() else { return };
    let mut transaction = Transaction::new(rules(&corpus, Setup::Blocking));
    let (mut judged, mut wrong) = (0, Vec::new());
    for case in cases(&corpus.join("tests.jsonl")) {
        for stage in case["stages"].as_array().unwrap() {
            let peers = &stage["peers"];
            if peers["coraza_pl1_blocks"] != peers["libmodsecurity_pl1_blocks"] {
                continue;
            }
            judged += 1;
            judge(&mut transaction, &Given::read(&stage["given"]), u64::MAX);
            let is_refused = transaction.refusal().is_some();
            if Some(is_refused) != peers["coraza_pl1_blocks"].as_bool() {
                let found: Vec<u64> = transaction.matches().iter().map(|it| it.id).collect();
                wrong.push(format!("{}: refused {is_refused}, by {found:?}, peers {peers}", case["id"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {judged} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(judged > 2_000, "only {judged} verdicts are agreed on");
}
