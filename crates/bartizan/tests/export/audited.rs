//! Our own audit of what is exported: silent, or named here.

use std::process::Command;

use serde_json::Value;

use crate::command::{PROFILES, export_to};

/// What is found and stays, as `(target, profile, rule, reason)`; `*` is every profile.
static EXCEPTIONS: &[(&str, &str, &str, &str)] = &[
    ("nginx", "*", "deprecated-listen-http2", "1.22 knows no other form; --for-version 1.25.1 writes the new one"),
    ("nginx", "compatible", "hsts-max-age-short", "a day, so that there is a way back: the profile's own choice"),
    ("apache", "compatible", "hsts-max-age-short", "a day, so that there is a way back: the profile's own choice"),
    ("nginx", "compatible", "csp-missing", "the profile sends none"),
    ("apache", "compatible", "csp-missing", "the profile sends none"),
    ("systemd", "compatible", "unit-memory-executable", "apps make code while they run; strict sets it"),
    ("systemd", "balanced", "unit-memory-executable", "apps make code while they run; strict sets it"),
];

#[test]
fn what_is_exported_is_found_sound() {
    let mut met = Vec::new();
    for (target, name) in [
        ("nginx", "site.conf"),
        ("apache", "httpd.conf"),
        ("systemd", "app.service"),
        ("docker-compose", "compose.yaml"),
    ] {
        for profile in PROFILES {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join(name);
            export_to(&file, &[target, "--host", "app.example", "--profile", profile]);
            let report = audit(file.to_str().unwrap(), &[]);
            assert_eq!(report["unparsed"].as_array().map(Vec::len), Some(0), "{target}: {report:#}");
            for finding in open(&report) {
                let id = finding["id"].as_str().unwrap();
                let excepted = EXCEPTIONS
                    .iter()
                    .position(|(of, when, rule, _)| *of == target && (*when == "*" || *when == profile) && *rule == id);
                let Some(index) = excepted else { panic!("{target} {profile}: {finding:#}") };
                met.push(index);
            }
        }
    }
    for (index, (target, profile, rule, _)) in EXCEPTIONS.iter().enumerate() {
        assert!(met.contains(&index), "nobody needs the exception {target} {profile} {rule}");
    }
}

/// Runs the audit of one path.
pub(crate) fn audit(path: &str, more: &[&str]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    let output = command.args(["audit", path, "--format", "json"]).args(more).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// Returns the findings that nothing sets aside.
pub(crate) fn open(report: &Value) -> Vec<&Value> {
    let all = report["findings"].as_array().unwrap();
    all.iter().filter(|finding| finding["standing"] == "open").collect()
}
