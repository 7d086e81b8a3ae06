//! `bartizan audit --with-scan`: files and the site that they are of, and where the two contradict each other.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::process::{Command, Output};

use bartizan_testkit::{RecordingUpstream, Reply};
use serde_json::Value;

const SETTINGS: &str = "\
SECRET_KEY = '0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghij'
DEBUG = False
ALLOWED_HOSTS = ['app.example']
MIDDLEWARE = [
    'django.middleware.security.SecurityMiddleware',
    'django.middleware.clickjacking.XFrameOptionsMiddleware',
]
X_FRAME_OPTIONS = 'DENY'
SECURE_SSL_REDIRECT = True
";

const NGINX: &str = "\
server {
    listen 80;
    server_name 127.0.0.1;
    add_header Referrer-Policy no-referrer;
    add_header X-Content-Type-Options nosniff;
    location / { proxy_pass http://127.0.0.1:8000; proxy_hide_header X-Frame-Options; }
}
";

fn audit(headers: &'static str, with_scan: bool) -> Output {
    let site =
        RecordingUpstream::start(move |_| Reply::with(&format!("Content-Type: text/html\r\n{headers}"), "<p>app"));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("settings.py"), SETTINGS).unwrap();
    fs::write(folder.path().join("nginx.conf"), NGINX).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.args(["audit", ".", "--env-closed", "--format", "json"]).current_dir(folder.path());
    if with_scan {
        command.args(["--with-scan", &site.url()]);
    }
    command.output().unwrap()
}

fn findings(output: &Output) -> Vec<Value> {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    report["findings"].as_array().unwrap().clone()
}

#[test]
fn contradictions_are_found_with_both_places() {
    for (headers, expected) in [
        (
            "Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n",
            vec![("header-lost", "settings.py", "x-frame-options"), ("redirect-lost", "settings.py", "Django")],
        ),
        (
            "X-Frame-Options: DENY\r\nReferrer-Policy: origin\r\nReferrer-Policy: same-origin\r\nX-Content-Type-Options: nosniff\r\n",
            vec![("header-differs", "nginx.conf", "no-referrer"), ("header-doubled", "nginx.conf", "settings.py")],
        ),
    ] {
        let found = findings(&audit(headers, true));
        for (id, file, word) in expected {
            let is_it = |finding: &&Value| {
                finding["id"] == id
                    && finding["file"].as_str().is_some_and(|name| name.ends_with(file))
                    && finding["message"]
                        .as_str()
                        .is_some_and(|message| message.contains(word) && message.contains("127.0.0.1"))
            };
            assert!(found.iter().any(|finding| is_it(&finding)), "{id} in {file}: {found:#?}");
        }
        // What the site shows by itself is told, too.
        assert!(found.iter().any(|finding| finding["id"] == "csp-missing" && finding["url"].is_string()), "{found:#?}");
    }
    let lost = findings(&audit("Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n", true));
    let messages: Vec<_> = lost.iter().filter_map(|finding| finding["message"].as_str()).collect();
    let taken = messages.iter().find(|message| message.contains("Django sets x-frame-options")).unwrap();
    assert!(taken.contains("nginx.conf:6"), "{taken}");
}

#[test]
fn without_a_site_nothing_is_compared() {
    let topics = ["header-lost", "header-differs", "header-doubled", "redirect-lost"];
    let found = findings(&audit("", false));
    assert!(!found.iter().any(|finding| topics.contains(&finding["id"].as_str().unwrap())), "{found:#?}");
}

#[test]
fn a_site_that_does_not_answer_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("nginx.conf"), NGINX).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    let output = command.args(["audit", ".", "--with-scan", "http://127.0.0.1:1/"]).current_dir(folder.path()).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&output.stdout).contains("not reached"));
}
