//! Django's own check and ours over the same settings.

#![allow(clippy::unwrap_used, reason = "what cannot go on is a failed test")]

mod corpus;

use std::collections::BTreeMap;
use std::path::PathBuf;

use bartizan_audit::Tree;
use bartizan_audit::formats::django::{Options, Variables, read};
use bartizan_rules::catalog::rules;
use bartizan_rules::facts::django::{CspRelease, Release};
use bartizan_rules::{Topic, judge};
use serde_json::Value;

use self::corpus::corpus;

#[test]
fn findings_are_those_of_djangos_own_check() {
    let Some(corpus) = corpus("django.jsonl") else { return };
    let mut differences = Vec::new();
    let mut count = 0;
    for line in corpus.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        count += 1;
        let outcomes = case["outcomes"].as_object().unwrap();
        for (version, outcome) in outcomes {
            let expected = words(&outcome["ids"]);
            let is_stopped = outcome.get("crash").is_some();
            let (found, stops) = found(&case, version);
            if found != expected || stops != is_stopped {
                let id = case["id"].as_str().unwrap();
                differences.push(format!("{id} {version}: {found:?} (stops: {stops}), not {expected:?} {is_stopped}"));
            }
        }
    }
    assert!(differences.is_empty(), "{} of {count}:\n{}", differences.len(), differences.join("\n"));
}

fn found(case: &Value, version: &str) -> (Vec<String>, bool) {
    let files = case["files"].as_object().unwrap().iter();
    let files = files.map(|(path, text)| (PathBuf::from(path), text.as_str().unwrap().as_bytes().to_vec()));
    let given: BTreeMap<String, String> = case["env"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect();
    let (release, csp) = match version {
        "5.2" => (Release::V5_2, CspRelease::V3),
        "5.2+csp4" => (Release::V5_2, CspRelease::V4),
        _ => (Release::V6_1, CspRelease::V4),
    };
    let module = case["settings_module"].as_str().unwrap().to_owned();
    let variables = Variables { given, is_closed: true };
    let options = Options { module: Some(module), release, csp, variables };
    let facts = read(&Tree::in_memory(files), &options);
    let findings = judge(rules().filter(|rule| rule.topic == Topic::Django), &facts);
    let named = findings.as_slice().iter().flat_map(|finding| &finding.equivalents);
    let mut named: Vec<String> = named.filter_map(|name| Some(name.strip_prefix("django:")?.to_owned())).collect();
    named.sort();
    let stops = findings.as_slice().iter().any(|finding| finding.rule.id() == "settings-stop");
    (named, stops)
}

fn words(value: &Value) -> Vec<String> {
    value.as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}
