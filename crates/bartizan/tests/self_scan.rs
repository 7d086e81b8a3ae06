//! The wall under our own eyes: a careless app behind profile `strict`, scanned by the real command.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::process::Command;

use bartizan_testkit::{Program, RecordingUpstream, Reply};
use serde_json::Value;

/// What only the app itself can mend, as `(rule, reason)`.
static EXCEPTIONS: &[(&str, &str)] = &[];

/// An app that takes no care: versions told, a bare session, no header that protects, a trace for an error page.
fn app() -> RecordingUpstream {
    app_that_says("Set-Cookie: sessionid=abc; Path=/\r\n")
}

/// The same, with a line of its own.
fn app_that_says(line: &'static str) -> RecordingUpstream {
    RecordingUpstream::start(move |request| {
        let lines = "Content-Type: text/html\r\nServer: Careless/1.2.3\r\nX-Powered-By: PHP/5.4\r\nVia: 1.1 inner\r\n\
                     X-Runtime: 0.1\r\n";
        let lines = &format!("{lines}{line}");
        let page = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>App</title></head>\
                    <body><form method=\"post\" action=\"/in\"><input type=\"password\" name=\"p\"></form></body></html>";
        match request.request_line().split(' ').nth(1) {
            Some("/") => Reply::with(lines, page),
            _ => {
                let body = "<pre>Traceback (most recent call last):\n  File \"/srv/app.py\", line 3, in f</pre>";
                let head = format!("HTTP/1.1 404 Not Found\r\n{lines}Content-Length: {}\r\n\r\n{body}", body.len());
                Reply::raw(head)
            }
        }
    })
}

#[test]
fn nothing_above_info_is_found_behind_strict() {
    check(&app());
}

#[test]
fn nor_where_the_app_opens_its_answers_to_other_origins() {
    for line in ["Access-Control-Allow-Origin: *\r\n", "Access-Control-Allow-Origin: https://partner.example\r\n"] {
        check(&app_that_says(line));
    }
}

/// Puts the app behind the wall and scans it, as a guest and with probes.
fn check(app: &RecordingUpstream) {
    let wall = Program::serve(env!("CARGO_BIN_EXE_bartizan"), 2, |ports, state| {
        format!(
            "[server]\nlisten = [\"127.0.0.1:{}\"]\nlisten_http = [\"127.0.0.1:{}\"]\nadmin = \"none\"\nworkers = 1\n\
             state_dir = {state:?}\n[[site]]\nhosts = [\"app.test\"]\nupstream = [\"{}\"]\nprofile = \"strict\"\n",
            ports[0],
            ports[1],
            app.url(),
        )
    });
    let (secure, plain) = (wall.address(0), wall.address(1));
    for more in [&[][..], &["--probe"]] {
        let report = scan(&wall, &[format!("app.test:443:{secure}"), format!("app.test:80:{plain}")], more);
        let findings = report["findings"].as_array().unwrap();
        let is_excepted = |id: &str| EXCEPTIONS.iter().any(|(known, _)| *known == id);
        let above: Vec<_> = findings
            .iter()
            .filter(|found| found["severity"] != "info" && !is_excepted(found["id"].as_str().unwrap()))
            .map(|found| format!("{} {}: {}", found["id"], found["place"], found["message"]))
            .collect();
        assert!(above.is_empty(), "{above:#?}\n{}", wall.output());

        // The scan saw the site, and over TLS: an empty report would prove nothing.
        assert_eq!(report["observatory"]["grade"], "A+", "{report:#}");
        assert_eq!(report["tls"]["connectivity"], "COMPLETED");
        assert_eq!(report["tls"]["cert"]["trusted_by_custom_ca"], true);
        let letters: Vec<_> = report["grades"].as_array().unwrap().iter().map(|grade| &grade["letter"]).collect();
        assert_eq!(letters, ["A+", "A+", "A+"], "{:#}", report["grades"]);
        assert!(report["grades"][1]["authority"].as_str().unwrap().contains("estimate"));
    }
}

#[test]
fn the_same_app_alone_is_found_wanting() {
    let app = app();
    let output =
        Command::new(env!("CARGO_BIN_EXE_bartizan")).args(["scan", "--format", "json", &app.url()]).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert!(findings.iter().filter(|found| found["severity"] != "info").count() > 10, "{report:#}");
    assert_eq!(report["observatory"]["grade"], "F");
}

fn scan(wall: &Program, resolve: &[String], more: &[&str]) -> Value {
    let authority = wall.directory().join("ca/ca.pem");
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.args(["scan", "app.test", "--format", "json", "--cacert"]).arg(authority);
    for one in resolve {
        command.args(["--resolve", one]);
    }
    let output = command.args(more).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{error}\n{}", String::from_utf8_lossy(&output.stdout));
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{error}"))
}
