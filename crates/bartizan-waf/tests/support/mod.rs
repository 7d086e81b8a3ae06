//! The corpus of the Core Rule Set and a way to put its cases before the engine.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses its own part")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "part of tests: a corpus of another form must fail them")]

use std::net::{IpAddr, Ipv4Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bartizan_waf::{Disk, Fed, Phase, Progress, RuleSet, Start, Transaction};
use base64::Engine;
use serde_json::Value;

/// Returns the folder of the corpus, or says loudly that it is missing.
pub fn corpus() -> Option<PathBuf> {
    let root = std::env::var_os("BARTIZAN_SHARED").map(PathBuf::from);
    let root = root.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let corpus = root.join("corpus/crs");
    if corpus.is_dir() {
        return Some(corpus);
    }
    eprintln!("SKIPPED: there is no corpus at {}; set BARTIZAN_SHARED", corpus.display());
    None
}

/// Returns the cases of a file with one JSON value a line.
pub fn cases(path: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// How the rules are set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setup {
    /// Paranoia level 1, refusing.
    Blocking,
    /// Paranoia level 4 with the settings of the rules' own tests, watching.
    Testing,
}

/// Loads the rules of the corpus.
pub fn rules(corpus: &Path, setup: Setup) -> Arc<RuleSet> {
    match RuleSet::from_text(&corpus.join("entry.conf"), &text(setup), &Disk) {
        Ok(rules) => Arc::new(rules),
        Err(errors) => panic!("{errors}"),
    }
}

/// Returns the file that sets the rules up, as it would stand in the folder of the corpus.
pub fn text(setup: Setup) -> String {
    let (engine, response, action) = match setup {
        Setup::Blocking => ("On", "Off", ""),
        Setup::Testing => ("DetectionOnly", "On", TESTING),
    };
    format!(
        r#"
SecRuleEngine {engine}
SecRequestBodyAccess On
SecRule REQUEST_HEADERS:Content-Type "^(?:application(?:/soap\+|/)|text/)xml" "id:200000,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=XML"
SecRule REQUEST_HEADERS:Content-Type "^application/json" "id:200001,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=JSON"
SecRequestBodyLimit 13107200
SecResponseBodyAccess {response}
SecResponseBodyMimeType text/plain text/html text/xml application/json
SecResponseBodyLimit 524288
SecResponseBodyLimitAction ProcessPartial
SecUnicodeMapFile unicode.mapping 20127
Include crs-setup.conf.example
{action}
Include rules/*.conf
"#
    )
}

const TESTING: &str = r#"SecAction "id:900005,phase:1,nolog,pass,ctl:ruleEngine=DetectionOnly,ctl:ruleRemoveById=910000,setvar:tx.blocking_paranoia_level=4,setvar:tx.crs_validate_utf8_encoding=1,setvar:tx.arg_name_length=100,setvar:tx.arg_length=400,setvar:tx.total_arg_length=64000,setvar:tx.max_num_args=255,setvar:tx.max_file_size=64100,setvar:tx.combined_file_sizes=65535""#;

/// A request and its response.
#[derive(Clone, Debug)]
pub struct Given {
    method: Vec<u8>,
    uri: Vec<u8>,
    version: Vec<u8>,
    headers: Vec<(Vec<u8>, Vec<u8>)>,
    body: Vec<u8>,
    status: u16,
    response_headers: Vec<(Vec<u8>, Vec<u8>)>,
    response_body: Vec<u8>,
}

impl Given {
    /// Reads a case of the corpus, which writes bytes as the first 256 characters.
    pub fn read(given: &Value) -> Self {
        let text =
            |value: &Value| -> Vec<u8> { value.as_str().unwrap_or_default().chars().map(|char| char as u8).collect() };
        let body = |value: &Value| base64::engine::general_purpose::STANDARD.decode(value.as_str().unwrap()).unwrap();
        let fields = |value: &Value| -> Vec<(Vec<u8>, Vec<u8>)> {
            value.as_array().unwrap().iter().map(|field| (text(&field[0]), text(&field[1]))).collect()
        };
        let response = &given["response"];
        Self {
            method: text(&given["method"]),
            uri: text(&given["uri"]),
            version: text(&given["version"]),
            headers: fields(&given["headers"]),
            body: body(&given["body_b64"]),
            status: u16::try_from(response["status"].as_u64().unwrap()).unwrap(),
            response_headers: fields(&response["headers"]),
            response_body: body(&response["body_b64"]),
        }
    }

    /// A request with a query.
    pub fn get(uri: Vec<u8>) -> Self {
        let mut given = Self::read(&serde_json::json!({
            "method": "GET", "uri": "", "version": "HTTP/1.1", "headers": [["Host", "a.example"], ["User-Agent", "a"], ["Accept", "*/*"]],
            "body_b64": "", "response": {"status": 200, "headers": [], "body_b64": ""}
        }));
        given.uri = uri;
        given
    }
}

/// Puts one request and its response before the rules, in steps of `budget`.
pub fn judge(transaction: &mut Transaction, given: &Given, budget: u64) {
    let local = IpAddr::V4(Ipv4Addr::LOCALHOST);
    transaction.begin(&Start { client: (local, 41_234), server: (local, 80), id: "1", now: 1_893_456_000 });
    transaction.request_line(&given.method, &given.uri, &given.version);
    for (name, value) in &given.headers {
        transaction.request_header(name, value);
    }
    phase(transaction, Phase::RequestHeaders, budget);
    if transaction.wants_request_body() {
        let _: Fed = transaction.request_body(&given.body);
    }
    phase(transaction, Phase::RequestBody, budget);
    if transaction.refusal().is_none() {
        transaction.response_line(given.status, b"HTTP/1.1");
        for (name, value) in &given.response_headers {
            transaction.response_header(name, value);
        }
        phase(transaction, Phase::ResponseHeaders, budget);
        if transaction.wants_response_body() {
            let _: Fed = transaction.response_body(&given.response_body);
        }
        phase(transaction, Phase::ResponseBody, budget);
    }
    phase(transaction, Phase::Logging, budget);
}

/// 64 KiB of each in one argument: what is dear for some rule.
pub const HOSTILE: &[(&str, &str)] = &[
    ("letters", "a"),
    ("percent", "%2525"),
    ("quotes", "'\"`;"),
    ("shell", "$(cat /etc/passwd);"),
    ("sql", "union select 1,2 from a where '1'='1' or "),
    ("html", "<a href=x onclick=javascript:alert(1)>"),
    ("spaces", "a b  /* */ "),
    ("comments", "/*!"),
];

/// A request with such an argument.
pub fn hostile(unit: &str) -> Given {
    Given::get([b"/a?b=", unit.repeat((64 << 10) / unit.len()).as_bytes()].concat())
}

/// Runs one phase.
pub fn phase(transaction: &mut Transaction, phase: Phase, budget: u64) {
    transaction.begin_phase(phase);
    while transaction.run(budget) == Progress::More {}
}
