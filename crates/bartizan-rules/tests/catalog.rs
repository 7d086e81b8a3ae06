//! What must hold for every rule of the catalogue.

use std::collections::HashSet;

use bartizan_rules::catalog::{find, rules};
use bartizan_rules::{Example, Platform, judge};

#[test]
fn ids_are_unique_and_kebab_case() {
    let mut seen = HashSet::new();
    for rule in rules() {
        let id = rule.id();
        assert!(seen.insert(id), "{id}: twice");
        let is_word =
            |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        assert!(id.split('-').all(is_word), "{id}");
        assert_eq!(find(id), Some(rule), "{id}");
    }
    assert_eq!(find("no-such-rule"), None);
}

#[test]
fn rules_are_sorted_by_topic_and_id() {
    let all: Vec<_> = rules().collect();
    for pair in all.windows(2) {
        assert!((pair[0].topic, pair[0].id()) < (pair[1].topic, pair[1].id()), "{} {}", pair[0].id(), pair[1].id());
    }
}

#[test]
fn every_rule_is_explained() {
    for rule in rules() {
        let (id, about) = (rule.id(), &rule.about);
        assert!(!about.references.is_empty(), "{id}: no reference");
        assert!(about.references.iter().all(|reference| reference.url().starts_with("https://")), "{id}");
        assert!(!about.title.ends_with('.'), "{id}: a title has no full stop");
        assert!(about.title.starts_with(|c: char| c.is_ascii_uppercase()), "{id}: a title begins like a sentence");
        let sentences = about.why.matches(". ").count() + 1;
        assert!((2..=5).contains(&sentences) && about.why.ends_with('.'), "{id}: {sentences} sentences");
        assert!(about.fix.windows(2).all(|pair| pair[0].0 < pair[1].0), "{id}: fixes by platform");
        // A fault of a site can be mended by whatever serves it; a fault of a file only in the file.
        let platforms: &[Platform] = if rule.topic.is_of_site() { EVERYWHERE } else { &[] };
        assert!(!about.fix.is_empty(), "{id}: no fix");
        for platform in platforms {
            assert!(about.fix.iter().any(|(known, text)| known == platform && !text.is_empty()), "{id}: {platform}");
        }
    }
}

const EVERYWHERE: &[Platform] = &[
    Platform::Apache,
    Platform::Bartizan,
    Platform::Caddy,
    Platform::Django,
    Platform::Express,
    Platform::Haproxy,
    Platform::Nginx,
];

#[test]
fn every_rule_fires_on_its_bad_example_and_not_on_its_good_one() {
    for rule in rules() {
        // Examples that are files are tried where files can be read, in the program's own tests.
        let (Some(bad), Some(good)) = (rule.bad.facts(), rule.good.facts()) else { continue };
        let found = judge([rule], &bad);
        assert!(found.has(rule), "{}: silent on {:?}", rule.id(), rule.bad);
        assert!(found.as_slice().iter().all(|finding| !finding.message.is_empty()), "{}", rule.id());
        let found = judge([rule], &good);
        assert!(found.is_empty(), "{}: {found:?}", rule.id());
    }
}

#[test]
fn examples_have_no_other_text_than_header_lines() {
    let is_response = |example: &Example| matches!(example, Example::Response(_));
    let examples = rules().flat_map(|rule| [rule.bad, rule.good]).filter(is_response);
    for line in examples.flat_map(|example| example.text().lines()) {
        let (name, value) = line.split_once(": ").unwrap_or_default();
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{line}");
        assert!(!name.is_empty() && !value.is_empty(), "{line}");
    }
}
