//! The Core Rule Set over all of this traffic: the rules that match and what is refused, here and in libmodsecurity.
#![allow(clippy::unwrap_used, reason = "part of a test: what cannot be set up must fail it")]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use bartizan_testkit::outside_program;
use bartizan_waf::Transaction;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::Request;
use crate::apps::{self, TEXTS};
use crate::attacks::{ATTACKS, PLAIN, attacking_requests};
use crate::ordinary::{ORDINARY, ordinary_requests};
use crate::places::{bodies, everywhere, hidden};
use crate::support::{Given, Setup, corpus, judge, rules, text};

/// Whether a request is of a kind that both judge differently.
type Difference = fn(&Request) -> bool;

/// What both judge differently, each with its reason.
const DIFFERENCES: &[(&str, Difference)] = &[
    ("libmodsecurity reads a body that is folded as it stands", |request| request.has_field("Content-Encoding")),
    ("libmodsecurity 3.0.15 joins the lines of a part's value", |request| {
        request.fields.iter().any(|(_, value)| value.starts_with("multipart/")) && has_lines_in_a_part(&request.body)
    }),
    ("declarations of XML are shown to rules, for apps may follow them", |request| holds(&request.body, b"<!ENTITY")),
];

/// Rules that sum up; the peer tells of those in another way.
const SUMS: &[u64] = &[949_110, 980_170];

#[test]
fn the_core_rules_say_what_they_say_in_libmodsecurity() {
    let Some(corpus) = corpus() else { return };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let Some(python) = outside_program(&root.join("target/test-venv/bin/python")) else { return };
    let (names, requests): (Vec<_>, Vec<_>) = traffic().into_iter().unzip();
    let cases: Vec<Value> = requests.iter().map(given).collect();
    let theirs = ask(&python, &corpus, &cases);
    assert_eq!(theirs.len(), cases.len());
    let mut transaction = Transaction::new(rules(&corpus, Setup::Blocking));
    let mut wrong = Vec::new();
    for (((name, request), case), theirs) in names.iter().zip(&requests).zip(&cases).zip(&theirs) {
        if DIFFERENCES.iter().any(|(_, is_known)| is_known(request)) {
            continue;
        }
        judge(&mut transaction, &Given::read(case), u64::MAX);
        let ours: BTreeSet<u64> = transaction.matches().iter().map(|found| found.id).collect();
        let ours: Vec<u64> = ours.into_iter().filter(|id| !SUMS.contains(id)).collect();
        let matched = theirs["matched"].as_array().into_iter().flatten().filter_map(Value::as_u64);
        let matched: Vec<u64> = matched.filter(|id| !SUMS.contains(id)).collect();
        let is_refused = transaction.refusal().is_some();
        if ours != matched || Some(is_refused) != theirs["blocked"].as_bool() {
            wrong.push(format!("{name}: here {is_refused} {ours:?}, there {theirs}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Whether a value has line ends within, apart from the heads of parts and the boundaries.
fn has_lines_in_a_part(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    let mut values = text.split("\r\n\r\n").skip(1).filter_map(|rest| rest.split("\r\n--").next());
    values.any(|value| value.contains('\n'))
}

fn holds(body: &[u8], word: &[u8]) -> bool {
    body.windows(word.len()).any(|window| window == word)
}

/// Each kind of traffic, with names: what is judged alike in one place is judged alike in the others.
fn traffic() -> Vec<(String, Request)> {
    let mut all = apps::requests();
    all.extend(ordinary_requests().into_iter().map(|request| (format!("ordinary: {request:?}"), request)));
    all.extend(attacking_requests().into_iter().map(|request| (format!("attack: {request:?}"), request)));
    let mut add = |value: &str, places: Vec<(&str, Request)>| {
        all.extend(places.into_iter().map(|(place, request)| (format!("{place}: {value}"), request)));
    };
    for value in ORDINARY.iter().chain(ATTACKS) {
        let two = everywhere(value).into_iter().filter(|(place, _)| matches!(*place, "query" | "json"));
        add(value, two.collect());
    }
    for text in TEXTS {
        add(text, bodies(text));
    }
    for attack in PLAIN {
        add(attack, hidden(attack).into_iter().filter(|(place, _)| !place.contains("padd")).collect());
    }
    all
}

fn given(request: &Request) -> Value {
    let fields: Vec<_> = request.sent().into_iter().map(|(name, value)| [latin1(name), latin1(&value)]).collect();
    json!({
        "method": request.method, "uri": latin1(&request.uri), "version": request.version, "headers": fields,
        "body_b64": STANDARD.encode(&request.body), "response": {"status": 200, "headers": [], "body_b64": ""}
    })
}

/// Bytes as the first 256 characters.
fn latin1(text: &str) -> String {
    text.bytes().map(char::from).collect()
}

/// What libmodsecurity says of each case.
fn ask(python: &Path, corpus: &Path, cases: &[Value]) -> Vec<Value> {
    let folder = tempfile::tempdir().unwrap();
    let (entry, program) = (folder.path().join("entry.conf"), folder.path().join("peer.py"));
    let place = corpus.display().to_string();
    let absolute = text(Setup::Blocking)
        .replace("unicode.mapping", &format!("{place}/unicode.mapping"))
        .replace("Include ", &format!("Include {place}/"));
    std::fs::write(&entry, absolute).unwrap();
    std::fs::write(&program, include_str!("peer.py")).unwrap();
    let mut command = Command::new(python);
    command.arg(&program).arg(&entry).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let lines: Vec<String> = cases.iter().map(|case| json!({ "given": case }).to_string()).collect();
    let mut input = child.stdin.take().unwrap();
    // The answers may fill the pipe before all has been asked.
    let asking = std::thread::spawn(move || input.write_all(lines.join("\n").as_bytes()));
    let output = child.wait_with_output().unwrap();
    asking.join().unwrap().unwrap();
    assert!(output.status.success(), "libmodsecurity ended with {}", output.status);
    String::from_utf8(output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
