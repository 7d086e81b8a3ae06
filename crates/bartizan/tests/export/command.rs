//! The command itself: how it is run here, and how it ends.

use std::path::Path;
use std::process::{Command, Output};

/// The profiles, mildest first.
pub(crate) const PROFILES: [&str; 3] = ["compatible", "balanced", "strict"];

/// Runs `bartizan export`.
pub(crate) fn export(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    for name in ["BARTIZAN_CONFIG", "BARTIZAN_ALLOWED_HOSTS", "BARTIZAN_CSRF_TRUSTED_ORIGINS"] {
        command.env_remove(name);
    }
    command.arg("export").args(arguments).env("NO_COLOR", "1").output().unwrap()
}

/// Writes an export to a file.
pub(crate) fn export_to(file: &Path, arguments: &[&str]) {
    let output = export(&[arguments, &["--output", file.to_str().unwrap()]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_end_tells_what_went_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bartizan.toml");
    let site = |name: &str| format!("[[site]]\nhosts = [\"{name}\"]\nupstream = [\"http://127.0.0.1:1\"]\n");
    std::fs::write(&file, site("a.example") + &site("b.example")).unwrap();
    let file = file.to_str().unwrap();
    let nameless = folder.path().join("nameless.toml");
    std::fs::write(&nameless, "[[site]]\nupstream = [\"http://127.0.0.1:1\"]\n").unwrap();
    for (arguments, code, said) in [
        (&["nginx", "--host", "a.example"][..], 0, "not carried over"),
        (&["nginx"], 2, "--host"),
        (&["nginx", "--config", file], 2, "--site a.example"),
        (&["nginx", "--config", file, "--site", "b.example"], 0, ""),
        (&["nginx", "--config", file, "--site", "c.example"], 2, "there is no site c.example"),
        (&["nginx", "--config", nameless.to_str().unwrap()], 2, "name the hosts"),
        (&["nginx", "--config", "/nowhere.toml"], 1, "/nowhere.toml"),
        (&["nginx", "--host", "a.example", "--for-version", "1.14"], 2, "1.19.4 or later"),
        (&["nginx", "--host", "a.example", "--for-version", "new"], 2, "not a version"),
        (&["nginx", "--host", "a b"], 2, ""),
        (&["nginx", "--host", "a.example", "--certificate", "a\nb"], 1, "control character"),
        (&["nginx", "--host", "a.example", "--output", "/nowhere/file"], 3, "/nowhere/file"),
        (&["pound", "--host", "a.example"], 2, ""),
    ] {
        let output = export(arguments);
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        assert!(error.contains(said), "{arguments:?}: {error}");
    }
}

#[test]
fn what_a_version_cannot_do_is_left_out_and_said() {
    for (target, version, missing, note) in [
        ("nginx", "1.22", "http2 on;", ""),
        ("nginx", "1.25.1", "ssl http2;", ""),
        ("nginx", "1.22", "max_headers", "the bound of 100 header lines"),
        ("caddy", "2.9", "x25519mlkem768", "post-quantum"),
        ("systemd", "247", "SocketBindAllow", "SocketBindAllow=), which systemd knows from 249 on"),
        ("django", "5.2", "SECURE_CSP", "Content-Security-Policy: Django has settings for it from 6.0 on"),
        ("django", "6.1", "DIRECTIVES", ""),
        ("django", "5.2+csp4", "SECURE_CSP", ""),
    ] {
        let output = export(&[target, "--host", "a.example", "--profile", "strict", "--for-version", version]);
        let text = String::from_utf8(output.stdout).unwrap();
        let body = text.split_once("\n\n").unwrap().1;
        assert!(!body.contains(missing), "{target} {version}: {missing}");
        assert!(String::from_utf8_lossy(&output.stderr).contains(note), "{target} {version}");
    }
    for (target, version, there) in [
        ("nginx", "1.25.1", "http2 on;"),
        ("nginx", "1.29.8", "max_headers 100;"),
        ("caddy", "2.10", "x25519mlkem768"),
        ("systemd", "249", "SocketBindAllow=tcp:8000"),
        ("django", "6.0", "SECURE_CSP = {"),
        ("django", "5.2+csp4", "\"DIRECTIVES\": {"),
    ] {
        let output = export(&[target, "--host", "a.example", "--profile", "strict", "--for-version", version]);
        assert!(String::from_utf8_lossy(&output.stdout).contains(there), "{target} {version}: {there}");
    }
}

#[test]
fn foreign_texts_begin_no_directive() {
    for target in ["nginx", "apache", "caddy", "haproxy"] {
        let evil = "/etc/x\"; } evil on; # {";
        let output = export(&[target, "--host", "a.example", "--certificate", evil]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("evil"), "{target}");
        let begins = |line: &str| line.trim_start_matches([' ', '}', ';']).starts_with("evil");
        assert!(!text.lines().any(begins) && !text.contains("x\"; }"), "{target}");
    }
}

/// What one program takes for a variable, a format or an escape is only text.
#[test]
fn values_stay_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bartizan.toml");
    let odd = r#"headers = { custom = { "X-Odd" = 'a\nb\\ 100% "q" # ;', "X-Other" = "${HOME} a" } }"#;
    let text = format!("[[site]]\nhosts = [\"a.example\"]\nupstream = [\"http://127.0.0.1:1\"]\n{odd}\n");
    std::fs::write(&file, text).unwrap();
    for (target, written, is_other_said) in [
        ("apache", r#"Header always set X-Odd "a\\\\nb\\\\\\\\ 100%% \"q\" # ;""#, true),
        ("haproxy", r#"X-Odd "a\\nb\\\\ 100%% \"q\" # ;""#, false),
        ("nginx", r#""a\\nb\\\\ 100% \"q\" # ;""#, true),
    ] {
        let output = export(&[target, "--config", file.to_str().unwrap()]);
        let (out, said) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
        assert!(output.status.success(), "{target}: {said}");
        assert!(out.contains(written), "{target}: {out}");
        let is_said = said.lines().any(|line| line.contains("X-Other") && line.contains("${HOME} a"));
        assert_eq!(is_said, is_other_said, "{target}: {said}");
    }
}
