//! What must hold for every rule of the catalogue.

use std::collections::HashSet;

use bartizan_rules::catalog::{RULES, find};
use bartizan_rules::{Platform, judge};

#[test]
fn ids_are_unique_and_kebab_case() {
    let mut seen = HashSet::new();
    for rule in RULES {
        let id = rule.id();
        assert!(seen.insert(id), "{id}: twice");
        let is_word =
            |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        assert!(id.split('-').all(is_word), "{id}");
        assert_eq!(find(id), Some(*rule), "{id}");
    }
    assert_eq!(find("no-such-rule"), None);
}

#[test]
fn rules_are_sorted_by_topic_and_id() {
    for pair in RULES.windows(2) {
        assert!((pair[0].topic, pair[0].id()) < (pair[1].topic, pair[1].id()), "{} {}", pair[0].id(), pair[1].id());
    }
}

#[test]
fn every_rule_is_explained() {
    for rule in RULES {
        let (id, about) = (rule.id(), &rule.about);
        assert!(!about.references.is_empty(), "{id}: no reference");
        assert!(about.references.iter().all(|reference| reference.url().starts_with("https://")), "{id}");
        assert!(!about.title.ends_with('.'), "{id}: a title has no full stop");
        let sentences = about.why.matches(". ").count() + 1;
        assert!((2..=5).contains(&sentences) && about.why.ends_with('.'), "{id}: {sentences} sentences");
        assert!(about.fix.windows(2).all(|pair| pair[0].0 < pair[1].0), "{id}: fixes by platform");
        for platform in [
            Platform::Apache,
            Platform::Bartizan,
            Platform::Caddy,
            Platform::Django,
            Platform::Express,
            Platform::Haproxy,
            Platform::Nginx,
        ] {
            assert!(about.fix.iter().any(|(known, text)| *known == platform && !text.is_empty()), "{id}: {platform}");
        }
    }
}

#[test]
fn every_rule_fires_on_its_bad_example_and_not_on_its_good_one() {
    for rule in RULES {
        let found = judge(&[rule], &rule.bad.facts());
        assert!(found.has(rule), "{}: silent on {:?}", rule.id(), rule.bad);
        assert!(found.as_slice().iter().all(|finding| !finding.message.is_empty()), "{}", rule.id());
        let found = judge(&[rule], &rule.good.facts());
        assert!(found.is_empty(), "{}: {found:?}", rule.id());
    }
}

#[test]
fn examples_have_no_other_text_than_header_lines() {
    for line in RULES.iter().flat_map(|rule| [rule.bad, rule.good]).flat_map(|example| example.text().lines()) {
        let (name, value) = line.split_once(": ").unwrap_or_default();
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'), "{line}");
        assert!(!name.is_empty() && !value.is_empty(), "{line}");
    }
}
