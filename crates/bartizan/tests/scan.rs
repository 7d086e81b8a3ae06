//! `bartizan scan` as a program: how it ends, what it writes, and that nothing of a site steers a terminal.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::process::{Command, Output};

use bartizan_testkit::{RecordingUpstream, Reply};
use serde_json::Value;

fn scan(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.arg("scan").args(["--timeout", "5", "--only", "observatory,findings"]).args(arguments);
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
        (&[], 2),
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
fn lines_of_the_operator_go_with_every_request() {
    let site = site();
    scan(&[&site.url(), "--header", "X-Token: secret", "--cookie", "a=b"]);
    let requests = site.requests();
    assert!(requests.len() > 5);
    assert!(requests.iter().all(|request| request.header("x-token").as_deref() == Some("secret")));
}
