//! `bartizan reports` as a whole: the program receives, is killed, and what it said is stored is there.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use bartizan_testkit::{Program, WireClient, free_port, wait_until};
use tempfile::TempDir;

/// Starts `reports serve`; returns it, where it listens and where its metrics are.
fn serve(store: &Path, more: &[&str]) -> (Program, SocketAddr, SocketAddr) {
    let ports = vec![free_port(), free_port()];
    let address = |port: u16| SocketAddr::from(([127, 0, 0, 1], port));
    let (listen, admin) = (address(ports[0]), address(ports[1]));
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.args(["reports", "serve", "--listen", &listen.to_string(), "--admin", &admin.to_string(), "--store"]);
    (Program::start(command.arg(store).args(more), TempDir::new().unwrap(), ports), listen, admin)
}

fn run(arguments: &[&str], store: &Path, input: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.arg("reports").args(arguments).env("BARTIZAN_REPORTS_STORE", store);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn post(client: &mut WireClient, body: &[u8]) -> u16 {
    let head = format!(
        "POST /reports/app.example/1 HTTP/1.1\r\nHost: x\r\nContent-Type: application/csp-report\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    client.ask(&[head.as_bytes(), body].concat()).status
}

fn report(blocked: &str) -> Vec<u8> {
    let blocked = serde_json::to_string(blocked).unwrap();
    format!(
        "{{\"csp-report\":{{\"document-uri\":\"https://app.example/\",\"violated-directive\":\"img-src\",\"blocked-uri\":{blocked}}}}}"
    )
    .into_bytes()
}

fn stored(admin: SocketAddr) -> u64 {
    let metrics = WireClient::plain(admin).ask(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n").text();
    let line = metrics.lines().find_map(|line| line.strip_prefix("bartizan_reports_stored_total "));
    line.unwrap().parse().unwrap()
}

fn listed(store: &Path) -> u64 {
    let output = run(&["list", "--format", "jsonl", "--limit", "0"], store, b"");
    assert!(output.status.success(), "{output:?}");
    let groups = String::from_utf8(output.stdout).unwrap();
    groups.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["count"].as_u64().unwrap()).sum()
}

#[test]
fn nothing_that_is_said_to_be_stored_is_lost_when_the_program_is_killed() {
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("reports.sqlite");
    let mut before = 0;
    for _ in 0..3 {
        let (mut program, listen, admin) = serve(&store, &["--flush", "5"]);
        let is_over = AtomicBool::new(false);
        let said = std::thread::scope(|scope| {
            for thread in 0..3 {
                let is_over = &is_over;
                scope.spawn(move || {
                    let mut client = WireClient::plain(listen);
                    let mut number = 0;
                    while !is_over.load(Ordering::Relaxed) {
                        assert_eq!(
                            post(&mut client, &report(&format!("https://{thread}.example/{}", number % 50))),
                            204
                        );
                        number += 1;
                    }
                });
            }
            let said =
                wait_until("reports to be stored under load", || Some(stored(admin)).filter(|stored| *stored >= 50));
            is_over.store(true, Ordering::Relaxed);
            said
        });
        program.signal("KILL");
        program.wait_for_exit();
        let after = listed(&store);
        assert!(after >= before + said, "{after} are there, {before} and {said} were said to be");
        before = after;
    }
}

#[test]
fn what_waits_is_stored_when_the_program_is_asked_to_end() {
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("reports.sqlite");
    let (mut program, listen, _) = serve(&store, &["--flush", "3600000"]);
    assert_eq!(post(&mut WireClient::plain(listen), &report("data")), 204);
    program.signal("TERM");
    assert!(program.wait_for_exit().success());
    assert_eq!(listed(&store), 1);
}

#[test]
fn nothing_that_was_reported_steers_a_terminal_or_a_spreadsheet() {
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("reports.sqlite");
    let (mut program, listen, _) = serve(&store, &[]);
    let mut client = WireClient::plain(listen);
    for hostile in [
        "https://x.example/\u{1b}[31m\u{1b}]0;pwn\u{7}",
        "\u{9b}2J",
        "\u{202e}gpj.exe",
        "=cmd|' /C calc'!A0",
        "'; DROP TABLE groups;--",
        "<script>alert(1)</script>",
        "a\u{0}b\r\nc",
    ] {
        assert_eq!(post(&mut client, &report(hostile)), 204, "{hostile:?}");
    }
    program.signal("TERM");
    program.wait_for_exit();
    let groups = String::from_utf8(run(&["list", "--format", "jsonl"], &store, b"").stdout).unwrap();
    let group = groups.lines().next().unwrap();
    let id = serde_json::from_str::<serde_json::Value>(group).unwrap()["group"].as_str().unwrap().to_owned();
    for arguments in [
        &["list"][..],
        &["list", "--format", "jsonl"],
        &["list", "--format", "csv"],
        &["top"],
        &["tail", "--once"],
        &["export"],
        &["export", "--format", "csv"],
        &["show", &id],
        &["show", &id, "--format", "json"],
        &["show", "\u{1b}[31m"],
    ] {
        let output = run(arguments, &store, b"");
        for bytes in [output.stdout, output.stderr] {
            let text = String::from_utf8(bytes).unwrap();
            let steers = |character: char| {
                (character.is_control() && character != '\n') || matches!(character, '\u{202a}'..='\u{202e}')
            };
            assert!(!text.contains(steers), "{arguments:?}: {text:?}");
        }
    }
    let csv = String::from_utf8(run(&["export", "--format", "csv"], &store, b"").stdout).unwrap();
    assert!(csv.contains("\"'=cmd|"), "{csv}");
    assert_eq!(listed(&store), 7);
}

#[test]
fn bodies_are_normalised_in_their_order() {
    let folder = TempDir::new().unwrap();
    let input = concat!(
        r#"{"id":"a","content_type":"application/csp-report","body_base64":"eyJjc3AtcmVwb3J0Ijp7ImRvY3VtZW50LXVyaSI6Imh0dHBzOi8vYS5leGFtcGxlLz94PTEifX0="}"#,
        "\n",
        r#"{"id":2,"content_type":null,"body_base64":"W10="}"#,
        "\n",
        r#"{"id":"c","content_type":"image/png","body_base64":"W10="}"#,
        "\nno case\n",
    );
    for (more, url) in [(None, "https://a.example/?x=1"), (Some("--redact-query"), "https://a.example/")] {
        let arguments: Vec<_> = ["normalise", "--jsonl"].into_iter().chain(more).collect();
        let output = run(&arguments, &folder.path().join("none"), input.as_bytes());
        let text = String::from_utf8(output.stdout).unwrap();
        let answers: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let seen: Vec<_> = answers.iter().map(|answer| (answer["id"].clone(), answer["accepted"].clone())).collect();
        let expected =
            [("a".into(), true.into()), (2.into(), true.into()), ("c".into(), false.into()), (().into(), false.into())];
        assert_eq!(seen, expected);
        assert_eq!(answers[0]["reports"][0]["url"], url);
    }
}
