//! What each Apache configuration and `.htaccess` of the corpus is to be told.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

mod corpus;
mod mending;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use bartizan_audit::Tree;
use bartizan_audit::formats::apache;
use bartizan_rules::catalog::rules;
use bartizan_rules::facts::Apache;
use bartizan_rules::facts::apache::Kind;
use bartizan_rules::{Facts, judge};
use serde_json::Value;

use self::corpus::corpus;
use self::mending::{Judged, Mended, mended};

fn tree(case: &Value) -> Tree {
    let files = case["files"].as_object().unwrap().iter();
    Tree::in_memory(files.map(|(path, text)| (PathBuf::from(path), text.as_str().unwrap().into())))
}

fn judged(tree: &Tree, main: &str) -> Judged {
    let kind = if main == ".htaccess" { Kind::Htaccess } else { Kind::Server };
    let reading = apache::read(tree, Path::new(main)).unwrap();
    let findings = judge(rules(), &Facts::default().with_apache(Apache::new(reading.value, kind)));
    (findings, reading.sources.into_iter().collect())
}

#[test]
fn each_case_is_told_what_it_should_be() {
    let Some(corpus) = corpus("apache.jsonl") else { return };
    let mut count = 0;
    let mut wrong = Vec::new();
    for line in corpus.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        count += 1;
        let (findings, _) = judged(&tree(&case), case["kind"].as_str().unwrap());
        let names = findings.as_slice().iter().flat_map(|finding| &finding.equivalents);
        let said: BTreeSet<_> = names.filter_map(|name| name.strip_prefix("apache:")).map(str::to_owned).collect();
        let expected = case["own_expected"].as_array().unwrap().iter();
        let expected: BTreeSet<_> =
            expected.map(|name| name.as_str().unwrap().trim_start_matches("apache/").to_owned()).collect();
        if said != expected {
            let (more, less) = (&said - &expected, &expected - &said);
            wrong.push(format!("{}: too much {more:?}, missing {less:?}", case["id"]));
        }
    }
    println!("{count} cases");
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// What comes to light when something else is mended, and why.
static BROUGHT: &[(&str, &str)] =
    &[("directory-listing", "httpd refuses the line with mixed signs; only without that fault it lists")];

#[test]
fn safe_changes_bring_nothing_new() {
    let Some(corpus) = corpus("apache.jsonl") else { return };
    let (mut count, mut wrong) = (0, Vec::new());
    for line in corpus.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let main = case["kind"].as_str().unwrap();
        let Mended { is_changed, mut brought, left } = mended(tree(&case), |tree| judged(tree, main));
        count += usize::from(is_changed);
        brought.retain(|rule| !BROUGHT.iter().any(|(known, _)| known == rule));
        if !left.is_empty() || !brought.is_empty() {
            wrong.push(format!("{}: brings {brought:?}, leaves {left:?}", case["id"]));
        }
    }
    println!("{count} configurations were changed");
    assert!(count > 0 && wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}
