//! The built-in rules: attacks in every place and writing, and what apps get from ordinary people.

use bartizan_waf::{Fed, Phase, Progress, RuleSet, Start, Transaction, baseline};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

mod attacks;
mod ordinary;

use attacks::{ATTACKS, attacking_requests};
use ordinary::{ORDINARY, ordinary_requests};

/// One request.
#[derive(Clone, Debug)]
struct Request {
    method: &'static str,
    version: &'static str,
    uri: String,
    fields: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Request {
    fn get(uri: impl Into<String>) -> Self {
        Self { method: "GET", version: "HTTP/1.1", uri: uri.into(), fields: Vec::new(), body: Vec::new() }
    }

    fn post(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let fields = vec![("Content-Type", content_type.to_owned())];
        Self { method: "POST", version: "HTTP/1.1", uri: "/app/save".to_owned(), fields, body: body.into() }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((name, value.into()));
        self
    }
}

struct Engine(Transaction);

impl Engine {
    fn new() -> Self {
        Self(Transaction::new(Arc::new(rules())))
    }

    /// The rules that match, apart from the verdict, and whether the request would be refused.
    fn judge(&mut self, request: &Request) -> (Vec<u64>, bool) {
        let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let transaction = &mut self.0;
        transaction.begin(&Start { client: (local, 41_234), server: (local, 80), id: "1", now: 0 });
        transaction.request_line(request.method.as_bytes(), request.uri.as_bytes(), request.version.as_bytes());
        let length = request.body.len().to_string();
        let usual = [
            ("Host", "app.example"),
            ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"),
            ("Accept", "*/*"),
        ];
        for (name, value) in usual {
            if !request.fields.iter().any(|(given, _)| *given == name) {
                transaction.request_header(name.as_bytes(), value.as_bytes());
            }
        }
        for (name, value) in &request.fields {
            transaction.request_header(name.as_bytes(), value.as_bytes());
        }
        if request.method != "GET" {
            transaction.request_header(b"Content-Length", length.as_bytes());
        }
        run(transaction, Phase::RequestHeaders);
        if transaction.wants_request_body() {
            let _: Fed = transaction.request_body(&request.body);
        }
        run(transaction, Phase::RequestBody);
        let verdict = transaction.verdict();
        let ids = verdict.matches.iter().map(|found| found.id).filter(|id| *id < 7_109_000).collect();
        (ids, verdict.watched.is_some() || verdict.refusal.is_some())
    }
}

fn run(transaction: &mut Transaction, phase: Phase) {
    transaction.begin_phase(phase);
    while transaction.run(u64::MAX) == Progress::More {}
}

fn rules() -> RuleSet {
    baseline::rules().unwrap_or_else(|errors| panic!("{errors}"))
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// A value in each place and writing in which apps get it.
fn everywhere(value: &str) -> Vec<(&'static str, Request)> {
    let once = encoded(value);
    let json = serde_json::json!({ "filter": { "name": [value] }, "page": 1 }).to_string();
    let multipart = format!("--B\r\nContent-Disposition: form-data; name=\"comment\"\r\n\r\n{value}\r\n--B--\r\n");
    vec![
        ("query", Request::get(format!("/list?page=1&q={once}&sort=name"))),
        ("query, encoded twice", Request::get(format!("/list?q={}", encoded(&once)))),
        ("form", Request::post("application/x-www-form-urlencoded", format!("id=7&text={once}"))),
        ("json", Request::post("application/json", json)),
        ("multipart", Request::post("multipart/form-data; boundary=B", multipart)),
        ("name", Request::get(format!("/list?{once}=1"))),
        ("cookie", Request::get("/").with("Cookie", format!("session=abc; last={once}"))),
    ]
}

#[test]
fn attacks_are_recognised_in_every_place_and_writing() {
    let mut engine = Engine::new();
    let mut missed = Vec::new();
    let mut count = 0;
    for attack in ATTACKS {
        for (place, request) in everywhere(attack) {
            count += 1;
            if !engine.judge(&request).1 && !MISSED.contains(&(*attack, place)) {
                missed.push(format!("{place}: {attack}"));
            }
        }
    }
    for request in attacking_requests() {
        count += 1;
        if !engine.judge(&request).1 {
            missed.push(format!("{request:?}"));
        }
    }
    assert!(missed.is_empty(), "{} of {count} missed:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn ordinary_requests_pass() {
    let mut engine = Engine::new();
    let mut wrong = Vec::new();
    let mut count = 0;
    for value in ORDINARY {
        for (place, request) in
            everywhere(value).into_iter().filter(|(place, _)| *place != "name" && *place != "query, encoded twice")
        {
            count += 1;
            let (ids, is_refused) = engine.judge(&request);
            if is_refused {
                wrong.push(format!("{place}: {value}: {ids:?}"));
            }
        }
    }
    for request in ordinary_requests() {
        count += 1;
        let (ids, is_refused) = engine.judge(&request);
        if is_refused {
            wrong.push(format!("{ids:?}: {request:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} refused:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_rule_recognises_something() {
    let mut engine = Engine::new();
    let mut seen = std::collections::BTreeSet::new();
    for attack in ATTACKS {
        for (_, request) in everywhere(attack) {
            seen.extend(engine.judge(&request).0);
        }
    }
    for request in attacking_requests() {
        seen.extend(engine.judge(&request).0);
    }
    let rules = rules();
    let unseen: Vec<u64> = rules
        .rules()
        .iter()
        .map(|rule| rule.id)
        .filter(|id| (7_101_000..7_108_000).contains(id) && !seen.contains(id))
        .collect();
    assert!(unseen.is_empty(), "{unseen:?}");
}

/// Attacks that a place or writing hides, with the place.
const MISSED: &[(&str, &str)] = &[];
