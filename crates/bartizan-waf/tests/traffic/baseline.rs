//! The built-in rules: attacks in every place and writing, and what apps get from ordinary people.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use bartizan_waf::{Fed, Phase, RuleSet, Start, Transaction, baseline};

use crate::Request;
use crate::apps::{self, TEXTS};
use crate::attacks::{ATTACKS, PLAIN, attacking_requests};
use crate::ordinary::{ORDINARY, ordinary_requests};
use crate::places::{bodies, everywhere, hidden};
use crate::support::phase;

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
        for (name, value) in request.sent() {
            transaction.request_header(name.as_bytes(), value.as_bytes());
        }
        phase(transaction, Phase::RequestHeaders, u64::MAX);
        if transaction.wants_request_body() {
            let _: Fed = transaction.request_body(&request.body);
        }
        phase(transaction, Phase::RequestBody, u64::MAX);
        let verdict = transaction.verdict();
        let ids = verdict.matches.iter().map(|found| found.id).filter(|id| *id < 7_109_000).collect();
        (ids, verdict.watched.is_some() || verdict.refusal.is_some())
    }
}

fn rules() -> RuleSet {
    baseline::rules().unwrap_or_else(|errors| panic!("{errors}"))
}

#[test]
fn attacks_are_recognised_in_every_place_and_writing() {
    let mut engine = Engine::new();
    let mut missed = Vec::new();
    let mut count = 0;
    let mut ask = |name: &str, attack: &str, request: &Request| {
        count += 1;
        if !engine.judge(request).1 {
            missed.push(format!("{name}: {attack}"));
        }
    };
    for attack in ATTACKS {
        for (place, request) in everywhere(attack) {
            ask(place, attack, &request);
        }
    }
    for attack in PLAIN {
        for (place, request) in hidden(attack) {
            ask(place, attack, &request);
        }
    }
    for request in attacking_requests() {
        ask("request", &format!("{request:?}"), &request);
    }
    assert!(missed.is_empty(), "{} of {count} missed:\n{}", missed.len(), missed.join("\n"));
}

#[test]
fn ordinary_requests_pass() {
    let mut engine = Engine::new();
    let mut wrong = Vec::new();
    let mut count = 0;
    let mut ask = |name: &str, request: &Request| {
        count += 1;
        let (ids, is_refused) = engine.judge(request);
        if is_refused {
            wrong.push(format!("{ids:?}: {name}"));
        }
    };
    for value in ORDINARY {
        for (place, request) in
            everywhere(value).into_iter().filter(|(place, _)| *place != "name" && *place != "query, encoded twice")
        {
            ask(&format!("{place}: {value}"), &request);
        }
    }
    for text in TEXTS {
        for (place, request) in bodies(text) {
            ask(&format!("{place}: {text}"), &request);
        }
    }
    for request in ordinary_requests() {
        ask(&format!("{request:?}"), &request);
    }
    for (name, request) in apps::requests() {
        ask(&name, &request);
    }
    assert!(wrong.is_empty(), "{} of {count} refused:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_rule_recognises_something() {
    let mut engine = Engine::new();
    let mut seen = std::collections::BTreeSet::new();
    let values =
        ATTACKS.iter().flat_map(|attack| everywhere(attack)).chain(PLAIN.iter().flat_map(|attack| hidden(attack)));
    for (_, request) in values {
        seen.extend(engine.judge(&request).0);
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
