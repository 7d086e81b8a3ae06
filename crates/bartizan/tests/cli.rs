//! The program as people call it: help, exit codes, explanations.

#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]

use std::path::Path;
use std::process::{Command, Output};

fn bartizan(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bartizan"))
        .args(arguments)
        .env_clear()
        .env("HOME", "/nonexistent")
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn help_reads_well() {
    for (name, arguments) in [
        ("bartizan", &["--help"][..]),
        ("serve", &["serve", "-h"]),
        ("demo", &["demo", "-h"]),
        ("explain", &["explain", "-h"]),
        ("config", &["config", "-h"]),
        ("audit", &["audit", "-h"]),
        ("export", &["export", "nginx", "-h"]),
        ("policy", &["policy", "-h"]),
    ] {
        let output = bartizan(arguments);
        assert_eq!(output.status.code(), Some(0));
        insta::assert_snapshot!(format!("help_{name}"), text(&output));
    }
}

#[test]
fn exit_codes_and_messages_fit_what_happened() {
    for (arguments, code, said) in [
        (&["config", "check", "examples/minimal.toml"][..], 0, "is fine: 1 site"),
        (&["config", "check", "--config", "examples/minimal.toml"], 0, "is fine"),
        (&["config", "check", "Cargo.toml"], 1, "unknown key `workspace`"),
        (&["config", "check", "nowhere.toml"], 1, "cannot read nowhere.toml"),
        (&["config", "check"], 2, "name the file"),
        (&["config", "show", "examples/minimal.toml"], 0, "# line 4"),
        (&["config", "schema"], 0, "\"$schema\""),
        (&["serve"], 2, "bartizan serve --upstream"),
        (&["serve", "--upstream", "127.0.0.1:8000"], 2, "must be an address such as"),
        (&["serve", "--upstream", "http://127.0.0.1:1", "--profile", "stict"], 2, "must be one of"),
        (&["serve", "--config", "nowhere.toml"], 1, "cannot read nowhere.toml"),
        (&["explain", "hsts-missing"], 0, "Read on"),
        (&["explain", "hsts-missing", "--format", "json"], 0, "\"kind\": \"rule\""),
        (&["explain", "hsts-mising"], 1, "did you mean `hsts-missing`?"),
        (&["explain", "--config", "examples/minimal.toml"], 0, "A request, from top to bottom"),
        (
            &["explain", "--config", "examples/minimal.toml"],
            0,
            "bodies of gRPC and WebSocket messages are not looked at",
        ),
        (&["explain", "--config", "examples/minimal.toml", "https://app.example/a"], 0, "app.example → http"),
        (&["explain", "--config", "examples/minimal.toml", "https://other.example/"], 1, "no site answers"),
        (&["explain"], 2, "required"),
        (&["policy", "evaluate", "script-src *"], 1, "PLAIN_WILDCARD"),
        (&["policy", "evaluate", "default-src *", "default-src 'none'"], 0, "nothing to say"),
        (&["policy", "evaluate", "--csp-version", "2", "script-src 'none'; object-src 'none'"], 0, "nothing to say"),
        (&["policy", "evaluate", "--checks", "lighthouse", "--format", "json", "object-src"], 1, "\"failures\""),
        (&["policy", "evaluate", "x\u{1b}[31m"], 1, "x\\x1b[31m"),
        (&["policy", "evaluate"], 2, "required"),
        (&["policy", "diff", "img-src 'self'", "img-src 'self' b.example"], 1, "only NEW allows b.example"),
        (&["policy", "diff", "img-src *", "img-src 'self'"], 0, "only OLD allows *"),
        (&["policy", "diff", "default-src 'self'", "default-src 'self'; img-src 'self'"], 0, "both allow the same"),
        (&["policy", "diff", "img-src a, img-src b", "img-src a"], 2, "2 policies"),
        (&["policy", "replay", "--csp", "; ", "--store", "nowhere"], 2, "no policy in --csp"),
        (&["policy", "replay", "--csp", "img-src a", "--store", "nowhere"], 3, "cannot open the store"),
        (&["policy", "suggest", "--store", "nowhere"], 2, "required"),
        (&["policy", "match"], 2, "required"),
        (&["rules"], 0, "hsts-missing"),
        (&["rules", "--format", "json"], 0, "\"kind\": \"refusal\""),
        (&["waf", "lint", "--rules", "nowhere.conf"], 1, "nowhere.conf"),
        (&["waf", "test", "--rules", "nowhere.conf"], 1, "nowhere.conf"),
        (&["waf", "test", "Cargo.toml"], 3, "no line such as"),
        (&["completions", "bash"], 0, "_bartizan"),
        (&["nonsense"], 2, "unrecognized subcommand"),
    ] {
        let output = bartizan(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output));
        assert!(text(&output).contains(said), "{arguments:?}: {}", text(&output));
    }
}

#[test]
fn rules_judge_requests_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let rule = r#"SecRule ARGS "@streq bad" "id:7,phase:1,deny,status:418,log,setvar:tx.anomaly_score=9""#;
    let blocking = file("blocking.conf", &format!("SecRuleEngine On\n{rule}"));
    let watching = file("watching.conf", &format!("SecRuleEngine DetectionOnly\n{rule}"));
    let bad = file("bad.http", "GET /?a=bad HTTP/1.1\r\nHost: app.example\r\n\r\n");
    let good = file("good.http", "GET /?a=good HTTP/1.1\r\nHost: app.example\r\n\r\n");
    for (rules, request, answer) in [
        (&blocking, &bad, r#"{"id":null,"matched":[7],"blocked":true,"status":418,"score":9}"#),
        (&watching, &bad, r#"{"id":null,"matched":[7],"blocked":false,"status":200,"score":9}"#),
        (&blocking, &good, r#"{"id":null,"matched":[],"blocked":false,"status":200,"score":null}"#),
    ] {
        let output = bartizan(&["waf", "test", "--rules", rules, request]);
        assert_eq!(text(&output), format!("{answer}\n"), "{rules} {request}");
        assert_eq!(output.status.code(), Some(0));
    }
    let output =
        bartizan(&["waf", "test", &file("attack.http", "GET /?q=<script> HTTP/1.1\r\nHost: a.example\r\n\r\n")]);
    assert!(text(&output).contains("7107001"), "the baseline judges where no rules are named: {}", text(&output));
}

#[test]
fn manual_pages_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let output = bartizan(&["man", folder.path().to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    assert!(folder.path().join("bartizan-serve.1").exists());
}

#[test]
fn a_port_that_is_taken_is_told_with_the_place_to_mend() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().to_str().unwrap();
    let flags = ["serve", "--upstream", "http://127.0.0.1:1", "--host", "a.example", "--state-dir", state];
    let output = bartizan(&[&flags[..], &["--listen", &address, "--listen-http", "127.0.0.1:0"]].concat());
    assert_eq!(output.status.code(), Some(3), "{}", text(&output));
    assert!(text(&output).contains("server.listen"), "{}", text(&output));
}
