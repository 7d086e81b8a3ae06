//! `bartizan policy` as a whole: what is blocked, replayed and proposed, from real input to what is printed.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

fn run(arguments: &[&str], store: &Path, input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.args(arguments).env("BARTIZAN_REPORTS_STORE", store);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn matched(input: &str) -> (Option<i32>, Vec<Value>) {
    let output = run(&["policy", "match", "--jsonl"], Path::new("nowhere"), input);
    let lines = String::from_utf8(output.stdout).unwrap();
    (output.status.code(), lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[test]
fn policies_match_as_in_chromium() {
    let shared = std::env::var_os("BARTIZAN_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")), PathBuf::from);
    let Ok(text) = std::fs::read_to_string(shared.join("corpus/oracle_chrome.json")) else {
        eprintln!("SKIPPED: {} is not there, so no answer of a browser was compared", shared.display());
        return;
    };
    let oracle: Value = serde_json::from_str(&text).unwrap();
    let cases = oracle["cases"].as_array().unwrap();
    let mut questions = String::new();
    for (id, case) in cases.iter().enumerate() {
        let url = case["url"].as_str().unwrap();
        let mut question =
            json!({ "id": id, "policy": case["policy"], "kind": case["kind"], "self": "https://site.test:18443" });
        // The server of the cases answers this path with a redirect.
        match url.split_once("/redir?to=") {
            Some((_, to)) => {
                question["url"] = to.into();
                question["redirected_from"] = url.into();
            }
            None => question["url"] = url.into(),
        }
        questions.push_str(&format!("{question}\n"));
    }
    let (code, answers) = matched(&questions);
    assert_eq!((code, answers.len()), (Some(0), cases.len()));
    let mut differences = Vec::new();
    for (case, answer) in cases.iter().zip(&answers) {
        let told = case["events"][0].as_str().and_then(|event| event.split(' ').next());
        if answer["blocked"] != case["blocked"] || answer["directive"].as_str() != told {
            differences.push(format!("{case}: {answer}"));
        }
    }
    assert_eq!(differences, Vec::<String>::new(), "of {}", cases.len());
}

#[test]
fn each_line_is_answered() {
    let page = "\"self\":\"https://a.example\"";
    for (line, expected) in [
        (
            format!(
                "{{\"id\":1,\"policy\":\"script-src 'self'\",\"kind\":\"script\",\"url\":\"https://b.example/x\",{page}}}"
            ),
            json!({"id": 1, "blocked": true, "directive": "script-src-elem"}),
        ),
        (
            format!("{{\"id\":\"x\",\"policy\":\"\",\"kind\":\"img\",\"url\":\"https://b.example/x\",{page}}}"),
            json!({"id": "x", "blocked": false, "directive": null}),
        ),
        (
            format!("{{\"policy\":\"img-src 'self'\",\"kind\":\"img-src\",\"url\":\"/x\",{page}}}"),
            json!({"id": null, "blocked": false, "directive": null}),
        ),
    ] {
        assert_eq!(matched(&line), (Some(0), vec![expected]), "{line}");
    }
    // As Chromium 156 answered: what is in the clear on a secure page.
    for (policy, kind, url, is_blocked) in [
        ("img-src https:", "img", "http://b.example/x", false),
        ("img-src https://b.example", "img", "http://b.example/x", false),
        ("img-src https://b.example:8080", "img", "http://b.example:8080/x", false),
        ("img-src http://b.example:8080", "img", "http://b.example:8080/x", true),
        ("img-src https:", "img", "http://localhost/x", true),
        ("img-src https:", "img", "http://192.0.2.1/x", true),
        ("media-src https:", "media", "http://b.example/x", true),
        ("media-src http://b.example", "media", "http://b.example/x", false),
        ("media-src http://b.example:8080", "media", "http://b.example:8080/x", true),
        ("script-src https:", "script", "http://b.example/x", true),
        ("script-src https:; upgrade-insecure-requests", "script", "http://b.example/x", false),
    ] {
        let line = json!({ "policy": policy, "kind": kind, "url": url, "self": "https://a.example" }).to_string();
        assert_eq!(matched(&line).1[0]["blocked"], is_blocked, "{line}");
    }
    for (line, id) in [
        ("{".to_owned(), Value::Null),
        ("{\"id\":7}".to_owned(), json!(7)),
        (format!("{{\"id\":8,\"policy\":\"\",\"kind\":\"smell\",\"url\":\"/x\",{page}}}"), json!(8)),
        (format!("{{\"id\":9,\"policy\":\"\",\"kind\":\"img\",\"url\":\"https://[\",{page}}}"), json!(9)),
        ("{\"id\":10,\"policy\":\"\",\"kind\":\"img\",\"url\":\"/x\",\"self\":\"null\"}".to_owned(), json!(10)),
    ] {
        let (code, answers) = matched(&line);
        assert_eq!(code, Some(1), "{line}");
        assert_eq!(answers[0]["id"], id, "{line}");
        assert!(answers[0]["error"].is_string(), "{line}");
    }
}

#[test]
fn one_question_is_answered_for_people() {
    for (url, code, said) in [
        ("https://a.example/x", 0, "allowed"),
        ("https://b.example/x", 1, "blocked by img-src"),
        ("https://[", 2, "address"),
    ] {
        let arguments = [
            "policy",
            "match",
            "--csp",
            "img-src 'self'",
            "--kind",
            "img",
            "--self",
            "https://a.example",
            "--url",
            url,
        ];
        let output = run(&arguments, Path::new("nowhere"), "");
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{url}: {text}");
        assert!(text.contains(said), "{url}: {text}");
    }
}

/// Fills a store with violations of `default-src 'none'`.
fn filled() -> (TempDir, PathBuf) {
    let directory = TempDir::new().unwrap();
    let (store, file) = (directory.path().join("reports.sqlite"), directory.path().join("reports.jsonl"));
    let mut lines = String::new();
    for (directive, blocked) in [
        ("img-src", "https://app.example/logo.png"),
        ("img-src", "https://cdn.example/a/1.png"),
        ("img-src", "https://cdn.example/a/2.png"),
        ("font-src", "data"),
        ("script-src-elem", "inline"),
        ("script-src-elem", "chrome-extension"),
    ] {
        let report = json!({ "csp-report": {
            "document-uri": "https://app.example/page\u{1b}[31m",
            "effective-directive": directive,
            "violated-directive": directive,
            "blocked-uri": blocked,
            "original-policy": "default-src 'none'",
        }});
        lines.push_str(&format!("{report}\n"));
    }
    std::fs::write(&file, lines).unwrap();
    let output = run(&["reports", "import", file.to_str().unwrap(), "--site", "app.example"], &store, "");
    assert!(output.status.success(), "{output:?}");
    (directory, store)
}

#[test]
fn a_proposal_blocks_nothing_that_it_was_made_from() {
    let (_directory, store) = filled();
    let output = run(&["policy", "suggest", "--site", "app.example", "--format", "json"], &store, "");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let made: Value = serde_json::from_slice(&output.stdout).unwrap();
    let policy = made["policy"].as_str().unwrap();
    assert_eq!(policy, "default-src 'none'; font-src data:; img-src 'self' https://cdn.example/a/");
    assert_eq!(made["cannot_verify"][0]["reason"], "inline");
    assert_eq!(made["left_out"][0]["reason"], "extension");
    assert_eq!(made["sources"].as_array().unwrap().len(), 3);
    let origins = run(&["policy", "suggest", "--site", "app.example", "--origins"], &store, "");
    let text = String::from_utf8(origins.stdout).unwrap();
    assert!(text.starts_with("default-src 'none'; font-src data:; img-src 'self' https://cdn.example\n"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");

    for (csp, blocked, allowed, unverifiable, code) in [
        (policy, 1, 4, 0, 1), // the inline script
        ("default-src 'none'; script-src 'nonce-abc'", 4, 0, 1, 1),
        ("img-src * data:", 0, 5, 0, 0),
    ] {
        let output = run(&["policy", "replay", "--csp", csp, "--format", "json"], &store, "");
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        let count = |name: &str| found[name].as_array().unwrap().len();
        let counts = (count("blocked"), count("allowed"), count("cannot_verify"));
        assert_eq!(counts, (blocked, allowed, unverifiable), "{csp}");
        assert_eq!(output.status.code(), Some(code), "{csp}");
    }
    let output = run(&["policy", "suggest", "--site", "other.example"], &store, "");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}
