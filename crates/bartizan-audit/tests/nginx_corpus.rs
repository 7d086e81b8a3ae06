//! What gixy-ng and gixy-next say of each configuration of the corpus, and what it is to be told besides.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

mod corpus;
mod mending;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use bartizan_audit::Tree;
use bartizan_audit::formats::nginx;
use bartizan_rules::catalog::rules;
use bartizan_rules::facts::Nginx;
use bartizan_rules::{Facts, Findings, Provenance, judge};
use serde_json::Value;

use self::corpus::corpus;
use self::mending::{Judged, Mended, mended};

fn findings(case: &Value) -> Findings {
    judged(&tree(case)).0
}

fn tree(case: &Value) -> Tree {
    let files = case["files"].as_object().unwrap().iter();
    Tree::in_memory(files.map(|(path, text)| (PathBuf::from(path), text.as_str().unwrap().into())))
}

fn judged(tree: &Tree) -> Judged {
    let reading = nginx::read(tree, Path::new("nginx.conf")).unwrap();
    let findings = judge(rules(), &Facts::default().with_nginx(Nginx::new(reading.value)));
    (findings, reading.sources.into_iter().collect())
}

/// The names that an authority gives, each with its place.
fn said(findings: &Findings, authority: &str) -> Vec<(String, String, u64)> {
    let mut said = Vec::new();
    for finding in findings.as_slice() {
        let Provenance::File(place) = &finding.at else { continue };
        for name in &finding.equivalents {
            if let Some(id) = name.strip_prefix(authority).and_then(|rest| rest.strip_prefix(':')) {
                said.push((id.to_owned(), place.path.to_string(), line(id, place.line as u64)));
            }
        }
    }
    said.sort();
    said
}

/// This one names no line.
fn line(id: &str, line: u64) -> u64 {
    if id == "missing_worker_processes" { 0 } else { line }
}

fn expected(case: &Value, authority: &str) -> Option<Vec<(String, String, u64)>> {
    let list = case["expected"][authority].as_array()?;
    let mut all: Vec<_> = list
        .iter()
        .map(|one| {
            let id = one["plugin"].as_str().unwrap().to_owned();
            let line = line(&id, one["line"].as_u64().unwrap_or_default());
            (id, one["file"].as_str().unwrap_or("nginx.conf").to_owned(), line)
        })
        .collect();
    all.sort();
    Some(all)
}

/// Where we say something else, and why.
static EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("nx-fx-allow_without_deny-allow_without_deny_dump", "gixy_ng", IN_THE_DUMP),
    ("nx-fx-allow_without_deny-allow_without_deny_dump", "gixy_next", IN_THE_DUMP),
    ("nx-fx-allow_without_deny-include_and_deny_fp", "gixy_ng", UNENDED),
    ("nx-fx-allow_without_deny-include_and_deny_fp", "gixy_next", UNENDED),
];

const IN_THE_DUMP: &str = "the line is the same; ours is the file that was given, theirs the one that it names";

const UNENDED: &str = "a brace ends a directive that has no semicolon: for us it closes its block, as it looks, for them \
                       all that follows is in that block; nginx refuses the file";

#[test]
fn others_are_named_where_they_speak() {
    let Some(corpus) = corpus("nginx.jsonl") else { return };
    let mut count = 0;
    let mut wrong = Vec::new();
    for line in corpus.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let id = case["id"].as_str().unwrap();
        let findings = findings(&case);
        for authority in ["gixy_ng", "gixy_next"] {
            let Some(expected) = expected(&case, authority) else { continue };
            count += 1;
            let said = said(&findings, authority);
            let is_known = EXCEPTIONS.iter().any(|(known, whose, _)| *known == id && *whose == authority);
            if said != expected && !is_known {
                let more: Vec<_> = said.iter().filter(|one| !expected.contains(one)).collect();
                let less: Vec<_> = expected.iter().filter(|one| !said.contains(one)).collect();
                wrong.push(format!("{id} {authority}: too much {more:?}, missing {less:?}"));
            }
        }
    }
    println!("{count} comparisons");
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// Cases whose list names what was meant, while more is true of them, and why it is not said in vain.
static MORE: &[(&str, &str)] = &[
    ("proxy-host-http-host", "proxy-intercept-errors is true as well, as in proxy-xff-append"),
    ("proxy-ssrf-capture", "gixy-next sees the decoded path, too"),
    ("proxy-ssrf-host-path", "gixy-next sees the decoded path, too"),
    ("split-proxy-pass-capture", "both see the decoded path, too"),
    ("inh-proxy-set-header", "proxy-intercept-errors is true as well, as in proxy-xff-append"),
];

#[test]
fn our_own_names_are_given() {
    let Some(corpus) = corpus("nginx.jsonl") else { return };
    let mut wrong = Vec::new();
    let mut more = Vec::new();
    let mut count = 0;
    for line in corpus.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let Some(expected) = case["own_expected"].as_array() else { continue };
        count += 1;
        let id = case["id"].as_str().unwrap();
        let expected: BTreeSet<_> =
            expected.iter().map(|name| name.as_str().unwrap().trim_start_matches("nginx/").to_owned()).collect();
        let said: BTreeSet<_> = said(&findings(&case), "nginx").into_iter().map(|(id, ..)| id).collect();
        if !expected.is_subset(&said) || (expected.is_empty() && !said.is_empty()) {
            wrong.push(format!("{id}: expected {expected:?}, said {said:?}"));
        } else if expected != said && !MORE.iter().any(|(known, _)| *known == id) {
            more.push(format!("{id}: besides {:?}", &said - &expected));
        }
    }
    println!("{count} cases");
    wrong.append(&mut more);
    assert!(wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn safe_changes_bring_nothing_new() {
    let Some(corpus) = corpus("nginx.jsonl") else { return };
    let (mut count, mut wrong) = (0, Vec::new());
    for line in corpus.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let Mended { is_changed, brought, left } = mended(tree(&case), judged);
        count += usize::from(is_changed);
        if !left.is_empty() || !brought.is_empty() {
            wrong.push(format!("{}: brings {brought:?}, leaves {left:?}", case["id"]));
        }
    }
    println!("{count} configurations were changed");
    assert!(count > 0 && wrong.is_empty(), "{} of {count} differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn fields_are_known_wherever_they_are_set() {
    for (fields, expected) in [
        ("", vec!["nosniff-missing", "referrer-policy-missing"]),
        ("add_header X-Content-Type-Options nosniff;", vec!["referrer-policy-missing"]),
        ("more_set_headers 'X-Content-Type-Options: nosniff' 'Referrer-Policy: no-referrer';", vec![]),
        ("more_set_headers -s '200 404' 'Referrer-Policy: no-referrer';", vec!["nosniff-missing"]),
        (
            "more_set_headers -s 404 'X-Content-Type-Options: nosniff';",
            vec!["nosniff-missing", "referrer-policy-missing"],
        ),
    ] {
        let text = format!("events {{}}\nhttp {{\nserver {{\nlisten 443 ssl;\n{fields}\nroot /srv;\n}}\n}}\n");
        let (findings, _) = judged(&Tree::in_memory([(PathBuf::from("nginx.conf"), text.into())]));
        let of_fields = ["nosniff-missing", "referrer-policy-missing"];
        let found: Vec<_> = findings.as_slice().iter().map(|finding| finding.rule.id()).collect();
        let found: Vec<_> = found.into_iter().filter(|id| of_fields.contains(id)).collect();
        assert_eq!(found, expected, "{fields}");
    }
}
