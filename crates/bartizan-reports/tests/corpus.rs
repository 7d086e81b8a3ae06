//! Every body of the shared corpus is read as it says, real browsers' and hostile ones alike.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

use std::path::PathBuf;

use bartizan_reports::address::Queries;
use bartizan_reports::receive::{self, Bounds, Labels};
use base64::Engine;
use serde_json::Value;

/// Where we differ from the corpus, and why.
const EXCEPTIONS: &[(&str, &str)] = &[(
    "hist-old-webkit-form",
    "old WebKit's form fields hold a whole report (document and directive), so that it is taken, not refused",
)];

fn corpus() -> Option<String> {
    let shared = std::env::var_os("BARTIZAN_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = shared.join("corpus/reports.jsonl");
    let text = std::fs::read_to_string(&path).ok();
    if text.is_none() {
        eprintln!("SKIPPED: there is no {}", path.display());
    }
    text
}

/// Returns what `reports normalise` says of a case.
fn normalised(case: &Value) -> Value {
    let body = base64::engine::general_purpose::STANDARD.decode(case["body_base64"].as_str().unwrap()).unwrap();
    let labels =
        Labels { content_type: case["content_type"].as_str(), content_encoding: case["content_encoding"].as_str() };
    let bounds = Bounds::default();
    let Ok((bytes, form)) = receive::unpack(&body, labels, &bounds) else {
        return serde_json::json!({"accepted": false, "reports": []});
    };
    let Ok(batch) = receive::read(&bytes, form, &bounds, Queries::Keep) else {
        return serde_json::json!({"accepted": false, "reports": []});
    };
    let reports: Vec<Value> = batch
        .reports
        .iter()
        .map(|report| {
            let mut out = String::new();
            report.write(&mut out);
            serde_json::from_str(&out).unwrap()
        })
        .collect();
    serde_json::json!({"accepted": true, "reports": reports})
}

/// Whether every field that is listed is there and the same.
fn fits(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            expected.iter().all(|(name, value)| found.get(name).is_some_and(|found| fits(value, found)))
        }
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len() && expected.iter().zip(found).all(|(expected, found)| fits(expected, found))
        }
        (expected, found) => expected == found,
    }
}

#[test]
fn every_body_is_read_as_the_corpus_says() {
    let Some(corpus) = corpus() else { return };
    let (mut cases, mut differences) = (0, Vec::new());
    for line in corpus.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let (id, found) = (case["id"].as_str().unwrap(), normalised(&case));
        cases += 1;
        let is_exception = EXCEPTIONS.iter().any(|(known, _)| *known == id);
        if fits(&case["expected"], &found) == is_exception {
            differences.push(format!("{id}:\n  expected {}\n  found    {found}", case["expected"]));
        }
    }
    assert!(differences.is_empty(), "{} of {cases} differ:\n{}", differences.len(), differences.join("\n"));
    println!("{cases} bodies read as expected, {} of them as named exceptions", EXCEPTIONS.len());
}
