//! Every TLS configuration of the shared corpus, served by nginx here, is answered as sslyze 6.3.1 answers it.
#![allow(clippy::print_stderr, missing_docs, clippy::unwrap_used, reason = "a test shows each difference")]

use std::path::{Path, PathBuf};
use std::{env, fs};

use bartizan_scan::tls::{Authorities, Options, Report, Target, inspect};
use bartizan_testkit::skip;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use serde_json::{Value, json};
use tls_server::{Server, word};

mod tls_server;

/// Where sslyze is wrong: how to tell such a case, the fields, and the proof.
struct Exception {
    is_met: fn(&Value) -> bool,
    fields: &'static [&'static str],
    proof: &'static str,
}

static EXCEPTIONS: &[Exception] = &[
    Exception {
        is_met: |case| {
            let only = |curve: &str| word(case, "extra").contains(&format!("ssl_ecdh_curve {curve};"));
            ["X25519", "X448", "X25519:X448", "X448:X25519", "brainpoolP256r1"].iter().any(|curve| only(curve))
        },
        fields: &["protocols", "openssl_names"],
        proof: "for most suites sslyze asks with OpenSSL 1.0.2, which has neither X25519 nor X448, and for others without \
                brainpool curves: it misses what `openssl s_client -curves X25519 -cipher NAME` negotiates",
    },
    Exception {
        is_met: |case| word(case, "extra").contains("ssl_dhparam"),
        fields: &["protocols", "openssl_names"],
        proof: "sslyze never offers the anonymous Camellia suites with SHA-256: its older OpenSSL lacks them and its newer \
                one forbids them; `openssl s_client -cipher ADH-CAMELLIA128-SHA256:@SECLEVEL=0` negotiates one",
    },
    Exception {
        is_met: |case| {
            ["eNULL", "aNULL"].iter().any(|only| word(case, "extra").contains(&format!("ssl_ciphers {only}")))
        },
        fields: &["connectivity"],
        proof: "sslyze gives up before its scan, for its first hello has only suites that encrypt and prove; \
                `openssl s_client -cipher eNULL:@SECLEVEL=0` connects",
    },
];

#[test]
fn every_configuration_is_answered_as_by_sslyze() {
    let Some(cases) = corpus() else { return };
    let Some(server) = Server::start(&cases) else { return };
    let authorities = CertificateDer::pem_slice_iter(&server.read("ca.pem")).collect::<Result<Vec<_>, _>>().unwrap();
    let options = Options { authorities: Authorities::default().with_named(authorities), ..Options::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut differences = 0;
    for (case, address) in cases.iter().zip(server.addresses()) {
        let target = Target { host: "a.obs.test".to_owned(), address };
        let report = runtime.block_on(inspect(&target, &options));
        differences += compare(case, &report, &server.end_of(word(case, "cert")));
    }
    eprintln!("{} configurations, {differences} differ", cases.len());
    assert_eq!(differences, 0);
}

/// Prints where a report differs and returns 1 if it does and no exception explains it.
fn compare(case: &Value, report: &Report, end: &str) -> usize {
    let id = case["id"].as_str().unwrap();
    let mut expected = case["expected"].clone();
    if expected["cert"].is_object() {
        // The certificates are new, and so is the end of their lives.
        expected["cert"]["not_after"] = json!(end);
    }
    let found = serde_json::to_value(report).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let mut differs = 0;
    let is_given_up = expected["connectivity"] != "COMPLETED";
    if !is_given_up && keys(&found) != keys(&expected) {
        eprintln!("{id}: fields {:?}, expected {:?}", keys(&found), keys(&expected));
        differs = 1;
    }
    for (key, expected) in expected.as_object().unwrap() {
        if found.get(key) == Some(expected) {
            continue;
        }
        let exception = EXCEPTIONS.iter().find(|known| (known.is_met)(case) && known.fields.contains(&key.as_str()));
        if let Some(exception) = exception.filter(|_| is_given_up || has_more(&found[key], expected)) {
            eprintln!("{id}: {key}: sslyze is wrong: {}", exception.proof);
            continue;
        }
        eprintln!("{id}: {key}: found {}, expected {expected}", found.get(key).unwrap_or(&Value::Null));
        differs = 1;
    }
    differs
}

/// Whether everything expected is found, and more besides.
fn has_more(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            expected.iter().all(|(key, expected)| found.get(key).is_some_and(|found| has_more(found, expected)))
        }
        (Value::Array(found), Value::Array(expected)) => expected.iter().all(|item| found.contains(item)),
        (found, expected) => found == expected,
    }
}

fn corpus() -> Option<Vec<Value>> {
    let shared = env::var_os("BARTIZAN_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let file = shared.join("corpus/tls.jsonl");
    let Ok(text) = fs::read_to_string(&file) else {
        skip(&format!("no corpus at {}", file.display()));
        return None;
    };
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}
