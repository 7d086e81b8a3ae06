//! `[reports]` and `[site.reports]`: what of a report reaches the store.

use std::path::Path;
use std::sync::Arc;

use bartizan_reports::collector::now;
use bartizan_reports::sketch::Sketch;
use bartizan_reports::store::{Batch, Filter, GroupDelta, Sqlite, Store as _};
use bartizan_reports::subject::Subject;
use bartizan_testkit::{Program, TlsOptions, Trust, WireClient};

use super::asks::{Ask, HOST, soon};
use super::case::Case;
use super::{Proof, Row, Seen, below};

pub(crate) fn proofs() -> Vec<Proof> {
    let mut all = below("reports.", ROWS);
    all.extend(below("site[].reports.", OF_SITE));
    for proof in &mut all {
        for (key, value) in [("reports.store", "\"own.sqlite\""), ("site[].reports.collect", "true")] {
            if proof.key != key && !proof.also.iter().any(|(known, _)| known == key) {
                proof.also.push((key.to_owned(), value));
            }
        }
    }
    all
}

const ROWS: &[Row] = &[
    ("store", &["\"one.sqlite\"", "\"two.sqlite\""], &[], |case| {
        let program = reported(case, 1);
        let there = ["one.sqlite", "two.sqlite"].map(|name| program.directory().join(name).exists());
        vec![("files", format!("{there:?}"))]
    }),
    ("keep", &["\"1s\"", "\"90d\""], &[("store", "\"@store_old\"")], an_old_group),
    ("flush", &["\"10ms\"", "\"1h\""], &[], |case| {
        let (program, _) = posted(case, 1);
        vec![("stored", soon(|| count(&program.directory().join("own.sqlite")) == 1).to_string())]
    }),
];

const OF_SITE: &[Row] = &[
    ("collect", &["true", "false"], &[], |case| {
        let (_program, answer) = posted(case, 1);
        vec![("answer", answer)]
    }),
    ("policy", &["\"one\"", "\"two\""], &[], |case| Ask::get("/").both(&case.start(&[&Case::app()]))),
    ("quota", &["1", "\"none\""], &[], |case| vec![("stored", stored(case, 3))]),
    // Chance decides which; that all of forty are among one in a hundred is beyond it.
    ("sample", &["\"1%\"", "\"100%\""], &[], |case| vec![("all are stored", (stored(case, 40) == "40").to_string())]),
    ("dangerous_keep_queries", &["true", "false"], &[], |case| {
        let program = reported(case, 1);
        let mut store = Sqlite::read(&program.directory().join("own.sqlite")).unwrap();
        let group = &store.groups(&Filter::default()).unwrap()[0];
        vec![("address", store.samples(group.id).unwrap()[0].sample.url.clone())]
    }),
];

/// Starts the program and has so many reports posted; returns the last answer's status, too.
fn posted(case: &Case<'_>, reports: usize) -> (Program, String) {
    let (program, place) = case.program(&Case::app());
    let options = TlsOptions::new(&Trust::DangerousAnyone, HOST, &["http/1.1"]);
    let mut client = WireClient::tls(place, &options).unwrap();
    let mut status = 0;
    for _ in 0..reports {
        status = client.ask(&Ask::post("/.bartizan/reports", REPORT).bytes()).status;
    }
    (program, status.to_string())
}

/// As [`posted`], and the program has ended, so that all that is ever stored is.
fn reported(case: &Case<'_>, reports: usize) -> Program {
    let (mut program, _) = posted(case, reports);
    program.signal("TERM");
    program.wait_for_exit();
    program
}

fn stored(case: &Case<'_>, reports: usize) -> String {
    count(&reported(case, reports).directory().join("own.sqlite")).to_string()
}

fn count(path: &Path) -> u64 {
    Sqlite::read(path).and_then(|mut store| store.totals(&Filter::default())).map_or(0, |totals| totals.reports)
}

/// Whether a group of an hour ago is forgotten.
fn an_old_group(case: &Case<'_>) -> Seen {
    let path = case.fixture.path("store_old");
    let subject = Subject {
        kind: "coop".into(),
        what: "".into(),
        target: "".into(),
        source: "".into(),
        disposition: "".into(),
        noise: None,
    };
    let seen = now() - 3_600_000;
    let group = GroupDelta {
        id: subject.fingerprint("old", ""),
        site: "old".into(),
        policy: "".into(),
        subject: Arc::new(subject),
        count: 1,
        first_seen: seen,
        last_seen: seen,
        clients: Sketch::default(),
        pages: Vec::new(),
    };
    let mut store = Sqlite::open(path).unwrap();
    store.purge(&Filter::default()).unwrap();
    store.apply(&Batch { at: seen, groups: vec![group], ..Batch::default() }).unwrap();
    drop(store);
    let (_program, _) = case.program(&Case::app());
    vec![("forgotten", soon(|| count(path) == 0).to_string())]
}

const REPORT: &str = r#"{"csp-report":{"document-uri":"https://app.example/?token=1","violated-directive":"img-src","blocked-uri":"data"}}"#;
