//! Every case of the corpus: the same findings as csp_evaluator 1.1.8, in the same order.

use std::path::{Path, PathBuf};

use bartizan_rules::csp_evaluator::{Checks, Finding, Kind, Level, evaluate, lighthouse};
use serde_json::{Value, json};

fn corpus() -> Option<String> {
    let folder = std::env::var_os("BARTIZAN_SHARED").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    std::fs::read_to_string(folder.join("corpus/csp_evaluator.jsonl")).ok()
}

/// A finding in the words that both have; descriptions are each one's own.
fn words(findings: &[Finding]) -> Value {
    findings.iter().map(|one| json!([one.kind, one.severity, one.directive, one.value])).collect()
}

fn peers(findings: &Value) -> Value {
    let word = |one: &Value| json!([one["type"], one["severity"], one["directive"], one["value"]]);
    findings.as_array().into_iter().flatten().map(word).collect()
}

#[test]
fn every_case_of_the_corpus_agrees() {
    let Some(text) = corpus() else {
        eprintln!("SKIPPED: no corpus/csp_evaluator.jsonl below BARTIZAN_SHARED or ../shared");
        return;
    };
    let (mut cases, mut wrong) = (0, 0);
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let id = &case["id"];
        cases += 1;
        let before = wrong;
        let mut compare = |what: &str, ours: Value, theirs: Value| {
            if ours != theirs {
                eprintln!("{id} {what}: {}\n  ours   {ours}\n  theirs {theirs}", case["csp"]);
                wrong = before + 1;
            }
        };
        if let Some(csp) = case["csp"].as_str() {
            for (name, level, checks) in [
                ("findings", Level::Three, Checks::Default),
                ("findings_with_strict", Level::Three, Checks::Strict),
                ("findings_csp2", Level::Two, Checks::Default),
                ("findings_csp1", Level::One, Checks::Default),
            ] {
                let ours = evaluate(csp, level, checks);
                let has_invalid = ours.iter().any(|one| one.kind == Kind::InvalidSource);
                if case[name].get("error").is_some() {
                    compare(name, json!(has_invalid), json!(true));
                } else {
                    compare(name, words(&ours), peers(&case[name]));
                }
            }
        }
        let csps: Vec<_> = match case["csps"].as_array() {
            Some(all) => all.iter().filter_map(Value::as_str).collect(),
            None => case["csp"].as_str().into_iter().collect(),
        };
        let (ours, theirs) = (lighthouse(&csps), &case["lighthouse"]);
        compare("failures", words(&ours.failures), peers(&theirs["failures"]));
        compare("warnings", words(&ours.warnings), peers(&theirs["warnings"]));
        let syntax = theirs["syntax"].as_array().unwrap().iter().map(peers).collect();
        compare("syntax", ours.syntax.iter().map(|one| words(one)).collect(), syntax);
    }
    eprintln!("csp_evaluator: {} of {cases} cases agree", cases - wrong);
    assert_eq!(wrong, 0);
}
