//! Every rule whose examples are files of these formats fires on its bad one and is silent on its good one, and what
//! its edits make of the bad one is no longer found.

#![allow(clippy::unwrap_used, reason = "what cannot go on is a failed test")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use bartizan_audit::formats::{compose, django, dockerfile, elixir, environment, key, krakend, systemd};
use bartizan_audit::{Source, Tree};
use bartizan_rules::catalog::rules;
use bartizan_rules::facts::django::{CspRelease, Release};
use bartizan_rules::{Edit, Example, Facts, Format, Rule, judge};

#[test]
fn every_rule_fires_on_its_bad_example_and_not_on_its_good_one() {
    let mut tried = 0;
    for rule in rules() {
        let (Example::File(format, bad), Example::File(_, good)) = (rule.bad, rule.good) else { continue };
        let (Some(bad_facts), Some(good_facts)) = (facts(rule, format, bad), facts(rule, format, good)) else {
            continue;
        };
        tried += 1;
        let found = judge([rule], &bad_facts);
        assert!(found.has(rule), "{}: silent on {bad}", rule.id());
        let silent = judge([rule], &good_facts);
        assert!(silent.is_empty(), "{}: {:?}", rule.id(), silent.as_slice());
        let edits: Vec<Edit> = found.into_iter().flat_map(|finding| finding.edits).collect();
        if !edits.is_empty() {
            let mended = apply(bad, &edits);
            let again = judge([rule], &facts(rule, format, &mended).unwrap());
            assert!(again.is_empty(), "{}: still found in\n{mended}", rule.id());
        }
    }
    assert!(tried > 70, "{tried}");
}

#[test]
fn no_finding_shows_a_secret() {
    for rule in rules().filter(|rule| rule.id().starts_with("secret-")) {
        let Example::File(format, bad) = rule.bad else { continue };
        let Some(facts) = facts(rule, format, bad) else { continue };
        for finding in judge([rule], &facts) {
            for secret in ["hunter2", "changeme", "abcdef", "short\"", "3c1f9e27"] {
                assert!(!finding.message.contains(secret), "{}: {}", rule.id(), finding.message);
            }
        }
    }
}

fn facts(rule: &Rule, format: Format, text: &str) -> Option<Facts> {
    let source = |name: &str| Source::new(name, text.as_bytes().to_vec());
    let facts = Facts::default();
    Some(match format {
        Format::Django => {
            let tree = Tree::in_memory([(PathBuf::from("settings.py"), text.as_bytes().to_vec())]);
            let given = BTreeMap::from([
                ("SECRET_KEY".to_owned(), "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghij".to_owned()),
                ("DATABASE_PASSWORD".to_owned(), "x".to_owned()),
            ]);
            let variables = django::Variables { given, is_closed: true };
            let options = django::Options {
                module: Some("settings".to_owned()),
                release: Release::V6_1,
                csp: CspRelease::V4,
                variables,
            };
            django::read(&tree, &options)
        }
        Format::Krakend => facts.with_krakend(krakend::read(&source("krakend.json")).unwrap()),
        Format::Environment => {
            let mut variables = environment::read(&source(".env"));
            variables.is_world_readable = rule.id() == "secret-file-readable";
            facts.with_variables(variables)
        }
        Format::Compose => {
            let source = source("compose.yaml");
            let facts = compose::read(&source).into_iter().fold(facts, Facts::with_variables);
            compose::services(&source).into_iter().fold(facts, Facts::with_service)
        }
        Format::Dockerfile => {
            let source = source("Dockerfile");
            facts.with_variables(dockerfile::read(&source)).with_image(dockerfile::image(&source))
        }
        Format::Key => key::read(&source("site.key"), true).into_iter().fold(facts, Facts::with_key_file),
        Format::Elixir => facts.with_elixir(elixir::read(&source("prod.secret.exs"), false)),
        Format::Systemd => facts.with_systemd(systemd::read_text(text).value),
        _ => return None,
    })
}

fn apply(text: &str, edits: &[Edit]) -> String {
    let mut edits: Vec<&Edit> = edits.iter().collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.at.span.start));
    edits.dedup_by_key(|edit| edit.at.span.clone());
    let mut text = text.to_owned();
    for edit in edits {
        text.replace_range(edit.at.span.clone(), &edit.replacement);
    }
    text
}
