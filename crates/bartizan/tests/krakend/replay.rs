//! One case: the file is imported by the program, served by it, and asked.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use bartizan_testkit::{Program, RecordingUpstream, Reply, TlsOptions, Trust, WireClient};
use serde_json::Value;

/// What is answered otherwise.
#[derive(Debug)]
pub(crate) enum Difference {
    Header { name: String, expected: Option<String>, found: Option<String> },
    Status { expected: u64, found: u64 },
}

/// Returns how the wall's answers differ from KrakenD's.
pub(crate) fn replay(case: &Value, configuration: &Value) -> Vec<Difference> {
    let upstream = RecordingUpstream::start(|_| Reply::with("Content-Type: text/plain\r\n", "upstream"));
    let program = Program::serve(env!("CARGO_BIN_EXE_bartizan"), 2, |ports, directory| {
        let file = directory.join("krakend.json");
        fs::write(&file, configuration.to_string()).unwrap();
        local(&import(&file, &upstream.url()), ports, directory)
    });
    let requests = case["requests"].as_array().unwrap();
    let expected = case["expected"]["responses"].as_array().unwrap();
    let mut differences = Vec::new();
    for (request, expected) in requests.iter().zip(expected) {
        let is_tls = request["tls"] == true || request["scheme"] == "https";
        let mut client = if is_tls {
            let options = TlsOptions::new(&Trust::DangerousAnyone, "api.example.org", &["http/1.1"]);
            WireClient::tls(program.address(0), &options).unwrap()
        } else {
            WireClient::plain(program.address(1))
        };
        let response = client.ask(&head(request));
        let found = u64::from(response.status);
        let wanted = expected["status"].as_u64().unwrap();
        if found != wanted {
            differences.push(Difference::Status { expected: wanted, found });
        }
        // KrakenD's middleware is silent in its refusals; ours say what every answer says.
        if wanted != 500 {
            let wanted: BTreeMap<String, String> = expected["headers"]
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, value)| (name.to_lowercase(), value.as_str().unwrap().to_owned()))
                .collect();
            for name in NAMES {
                let found = response.header(name).map(normal);
                let expected = wanted.get(*name).map(|value| normal(value));
                if found != expected {
                    differences.push(Difference::Header { name: (*name).to_owned(), expected, found });
                }
            }
        }
    }
    differences
}

/// A policy with a last semicolon is the same policy.
fn normal(value: &str) -> String {
    value.trim_end_matches(';').to_owned()
}

fn import(file: &Path, upstream: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    let output = command.args(["import", "krakend"]).arg(file).args(["--upstream", upstream]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Puts what a test must choose itself into the place of what was imported.
fn local(text: &str, ports: &[u16], directory: &Path) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        match line.split(" = ").next() {
            Some("listen") => lines.push(format!("listen = [\"127.0.0.1:{}\"]", ports[0])),
            Some("listen_http") => {
                lines.push(format!("listen_http = [\"127.0.0.1:{}\"]", ports[1]));
                lines.push(format!("admin = \"none\"\nworkers = 1\nstate_dir = {directory:?}"));
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines.join("\n")
}

fn head(request: &Value) -> Vec<u8> {
    let method = request["method"].as_str().unwrap_or("GET");
    let url = request["url"].as_str().unwrap();
    let path = url.strip_prefix("http://example.com").unwrap_or(url);
    let host = request["host"].as_str().unwrap_or("example.com");
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\n");
    for (name, value) in request["headers"].as_object().into_iter().flatten() {
        head.push_str(&format!("{name}: {}\r\n", value.as_str().unwrap()));
    }
    if method == "POST" {
        head.push_str("Content-Length: 0\r\n");
    }
    (head + "\r\n").into_bytes()
}

/// The headers that KrakenD's middleware sets.
const NAMES: &[&str] = &[
    "location",
    "strict-transport-security",
    "x-frame-options",
    "x-content-type-options",
    "x-xss-protection",
    "content-security-policy",
    "content-security-policy-report-only",
    "referrer-policy",
    "permissions-policy",
    "feature-policy",
    "cross-origin-opener-policy",
    "cross-origin-embedder-policy",
    "cross-origin-resource-policy",
    "x-permitted-cross-domain-policies",
];
