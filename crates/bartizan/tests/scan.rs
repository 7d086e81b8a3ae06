//! `bartizan scan` as a program: how it ends, what it writes, and that nothing of a site steers a terminal.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::process::{Command, Output};

use bartizan_testkit::{RecordingUpstream, Reply};
use serde_json::Value;

fn scan(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.arg("scan").args(["--timeout", "5"]).args(arguments);
    if !arguments.contains(&"--only") {
        command.args(["--only", "observatory,findings"]);
    }
    command.env("NO_COLOR", "1").output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// A site with a fault in each of its names that a terminal would obey.
fn site() -> RecordingUpstream {
    RecordingUpstream::start(|_| {
        let headers = "Content-Type: text/html\r\nServer: \x1b[2Jnginx/1.2\x07\r\nSet-Cookie: \u{202e}sessionid=\x1b]0;x; Path=/\r\n";
        Reply::with(headers, "<p>\x1b[31mhello")
    })
}

#[test]
fn the_end_tells_what_was_found() {
    let site = site();
    let url = site.url();
    for (arguments, code) in [
        (&[url.as_str()][..], 0),
        (&[url.as_str(), "--fail-on", "low"], 1),
        (&[url.as_str(), "--fail-under", "A"], 1),
        (&[url.as_str(), "--fail-under", "F"], 0),
        (&[url.as_str(), "--fail-on", "never", "--fail-under", "F"], 0),
        (&["http://127.0.0.1:1/"], 3),
        (&["nobody.test", "--resolve", "nobody.test:443:"], 3),
        (&["ftp://x"], 2),
        (&["x", "--resolve", "x"], 2),
        (&["x", "--header", "no line"], 2),
        (&[url.as_str(), "--only", "everything"], 2),
        (&[url.as_str(), "--algorithm", "7"], 2),
        (&[url.as_str(), "--batch", "-"], 2),
        (&[], 2),
        (&[url.as_str(), "--cacert", "/nowhere.pem"], 3),
        (&[url.as_str(), "--hsts-preload", "/nowhere.json"], 3),
        (&["--batch", "/nowhere.jsonl"], 3),
        // One of two sites that does not answer is told, whatever the other is like.
        (&[url.as_str(), "http://127.0.0.1:1/", "--fail-on", "low"], 3),
        // A plain address has no TLS to look at.
        (&[url.as_str(), "--only", "tls"], 3),
    ] {
        let output = scan(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}{error}", text(&output));
    }
}

#[test]
fn nothing_steers_the_terminal() {
    let site = site();
    for format in ["human", "json", "markdown", "sarif", "junit", "html"] {
        let output = scan(&[&site.url(), "--format", format]);
        let shown = text(&output);
        let steers = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!shown.contains(steers) && shown.contains("127.0.0.1"), "{format}: {shown:?}");
    }
}

#[test]
fn a_batch_answers_each_row_in_its_place() {
    let site = site();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sites.jsonl");
    let rows = format!(
        "{{\"id\":\"a\",\"url\":\"{}\"}}\n\n{{\"id\":\"b\",\"url\":\"gone.test\",\"resolve\":[\"gone.test:443:\"]}}\n{{\"id\":\"c\",\"url\":\"\"}}\nnonsense\n",
        site.url()
    );
    fs::write(&file, rows).unwrap();
    let output = scan(&["--batch", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0));
    let rows: Vec<Value> = text(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.iter().map(|row| row["id"].as_str().unwrap_or_default()).collect::<Vec<_>>(), ["a", "b", "c", ""]);
    let graded = &rows[0]["observatory"];
    assert_eq!(graded["algorithm"], 5);
    assert_eq!(graded["tests"]["x-content-type-options"]["score_modifier"], -5);
    assert!(rows[0]["findings"].as_array().is_some_and(|found| !found.is_empty()) && rows[0].get("tls").is_none());
    assert_eq!(rows[1]["observatory"]["error"], "The site seems to be down.");
    assert!(rows[2]["error"].is_string() && rows[3]["error"].is_string());
}

#[test]
fn a_row_has_the_parts_that_were_asked_for() {
    let site = site();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sites.jsonl");
    // The second row leads nowhere, and is a row all the same.
    let rows =
        "{\"id\":7,\"url\":\"URL\"}\n{\"id\":8,\"url\":\"https://gone.test/\",\"resolve\":[\"gone.test:443:\"]}\n";
    fs::write(&file, rows.replace("URL", &site.url())).unwrap();
    for (only, keys) in [
        ("observatory", &["id", "observatory"][..]),
        ("findings", &["findings", "id"]),
        ("tls", &["id", "tls"]),
        ("findings,observatory", &["findings", "id", "observatory"]),
        ("observatory,findings,tls", &["findings", "id", "observatory", "tls"]),
    ] {
        let output = scan(&["--batch", file.to_str().unwrap(), "--only", only]);
        assert_eq!(output.status.code(), Some(0), "{only}");
        let rows: Vec<Value> = text(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rows.iter().map(|row| row["id"].as_u64()).collect::<Vec<_>>(), [Some(7), Some(8)], "{only}");
        for row in rows {
            // What could not be seen is told in any row.
            let found: Vec<_> = row.as_object().unwrap().keys().filter(|key| *key != "unseen").cloned().collect();
            assert_eq!(found, keys, "{only}: {row}");
        }
    }
}

#[test]
fn a_finding_is_the_same_in_a_row_and_in_a_report() {
    let site = site();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sites.jsonl");
    fs::write(&file, format!("{{\"id\":0,\"url\":\"{}\"}}\n", site.url())).unwrap();
    let row: Value = serde_json::from_str(&text(&scan(&["--batch", file.to_str().unwrap()]))).unwrap();
    let report: Value = serde_json::from_str(&text(&scan(&[&site.url(), "--format", "json"]))).unwrap();
    let told = |value: &Value| -> Vec<Vec<Value>> {
        let members = ["id", "severity", "confidence", "message", "place", "url"];
        let findings = value["findings"].as_array().unwrap();
        findings.iter().map(|one| members.iter().map(|name| one[name].clone()).collect()).collect()
    };
    assert_eq!(told(&row), told(&report));
    assert!(told(&row).iter().flatten().all(Value::is_string), "{row:#}");
    assert_eq!(row["observatory"], report["observatory"]);
}

#[test]
fn what_every_answer_shows_is_said_once() {
    let site = RecordingUpstream::start(|request| match request.request_line().split(' ').nth(1) {
        Some("/") => {
            Reply::raw("HTTP/1.1 302 Found\r\nLocation: /page\r\nServer: nginx/1.2\r\nContent-Length: 0\r\n\r\n")
        }
        _ => Reply::with("Content-Type: text/html\r\nServer: nginx/1.2\r\n", "<p>hello"),
    });
    let report: Value = serde_json::from_str(&text(&scan(&[&site.url(), "--format", "json"]))).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let mut said: Vec<_> = findings.iter().map(|one| (one["id"].as_str(), one["message"].as_str())).collect();
    let count = said.len();
    said.sort_unstable();
    said.dedup();
    assert_eq!(said.len(), count, "{report:#}");
    assert!(said.contains(&(Some("server-version-disclosed"), Some("Server is \"nginx/1.2\""))), "{report:#}");
}

#[test]
fn lines_of_the_operator_go_with_every_request() {
    let site = site();
    scan(&[&site.url(), "--header", "X-Token: secret", "--cookie", "a=b"]);
    let requests = site.requests();
    assert!(requests.len() > 5);
    assert!(requests.iter().all(|request| request.header("x-token").as_deref() == Some("secret")));
}
