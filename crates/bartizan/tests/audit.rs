//! `bartizan audit` as people call it: each case of the corpora in a folder of its own, and what the program says of it.

#![allow(clippy::unwrap_used, reason = "a test ends at the first surprise")]
#![allow(clippy::print_stderr, reason = "a test that shows nothing must not pass in silence")]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn audit(folder: &Path, arguments: &[String]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bartizan"))
        .arg("audit")
        .args(arguments)
        .env_clear()
        .env("HOME", "/nonexistent")
        .current_dir(folder)
        .output()
        .unwrap()
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let all: Vec<String> = ["--format", "json"].iter().chain(arguments).map(|&word| word.to_owned()).collect();
    let output = audit(folder, &all);
    let said = String::from_utf8_lossy(&output.stdout);
    serde_json::from_str(&said).unwrap_or_else(|_| panic!("{all:?}: {said}{}", String::from_utf8_lossy(&output.stderr)))
}

fn write(folder: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = folder.join(path.trim_start_matches('/'));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn cases(name: &str) -> Vec<Value> {
    let shared = std::env::var_os("BARTIZAN_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    let Ok(text) = fs::read_to_string(shared.join("corpus").join(name)) else {
        eprintln!("\n*** SKIPPED: the corpus {name} is missing ***\n");
        return Vec::new();
    };
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn folder_of(case: &Value) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files = case["files"].as_object().unwrap().iter();
    let files: Vec<_> = files.map(|(path, text)| (path.as_str(), text.as_str().unwrap())).collect();
    write(folder.path(), &files);
    folder
}

fn words(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// What an authority says, each with its file and line.
fn said(report: &Value, authority: &str) -> Vec<(String, String, u64)> {
    let mut said = Vec::new();
    for finding in report["findings"].as_array().unwrap() {
        for name in words(&finding["equivalents"]) {
            if let Some(id) = name.strip_prefix(authority).and_then(|rest| rest.strip_prefix(':')) {
                let file = finding["file"].as_str().unwrap_or_default().to_owned();
                said.push((id.to_owned(), file, finding["line"].as_u64().unwrap_or_default()));
            }
        }
    }
    said.sort();
    said
}

#[test]
fn django_projects_are_judged_like_its_own_check() {
    let mut wrong = Vec::new();
    for case in cases("django.jsonl") {
        let folder = folder_of(&case);
        for (version, outcome) in case["outcomes"].as_object().unwrap() {
            let (release, csp) = match version.as_str() {
                "5.2" => ("5.2", "3"),
                "5.2+csp4" => ("5.2", "4"),
                _ => ("6.1", "4"),
            };
            let module = case["settings_module"].as_str().unwrap();
            let mut arguments = vec![".", "--env-closed", "--settings", module];
            arguments.extend(["--django-version", release, "--django-csp", csp]);
            let variables = case["env"].as_object().unwrap().iter();
            let variables: Vec<_> =
                variables.map(|(name, value)| format!("{name}={}", value.as_str().unwrap())).collect();
            variables.iter().for_each(|variable| arguments.extend(["--env", variable]));
            let report = json(folder.path(), &arguments);
            let found: Vec<_> = said(&report, "django").into_iter().map(|(id, ..)| id).collect();
            let expected: Vec<_> = words(&outcome["ids"]).map(str::to_owned).collect();
            let stops = report["findings"].as_array().unwrap().iter().any(|finding| finding["id"] == "settings-stop");
            if found != expected || stops != outcome.get("crash").is_some() {
                wrong.push(format!("{} {version}: {found:?} (stops: {stops}), not {expected:?}", case["id"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Cases where the crate's own test of the corpus names why ours is another word.
static NGINX_EXCEPTIONS: &[&str] =
    &["nx-fx-allow_without_deny-allow_without_deny_dump", "nx-fx-allow_without_deny-include_and_deny_fp"];

#[test]
fn nginx_folders_are_judged_like_by_others() {
    let mut wrong = Vec::new();
    for case in cases("nginx.jsonl").iter().step_by(SAMPLE) {
        let id = case["id"].as_str().unwrap();
        if NGINX_EXCEPTIONS.contains(&id) {
            continue;
        }
        let folder = folder_of(case);
        for path in [".", "nginx.conf"] {
            let report = json(folder.path(), &[path]);
            for authority in ["gixy_ng", "gixy_next"] {
                let Some(list) = case["expected"][authority].as_array() else { continue };
                // This one names no line.
                let line = |id: &str, line: u64| if id == "missing_worker_processes" { 0 } else { line };
                let mut expected: Vec<_> = list
                    .iter()
                    .map(|one| {
                        let id = one["plugin"].as_str().unwrap();
                        let file = one["file"].as_str().unwrap_or("nginx.conf");
                        (id.to_owned(), file.to_owned(), line(id, one["line"].as_u64().unwrap_or_default()))
                    })
                    .collect();
                expected.sort();
                let mut found = said(&report, authority);
                found.iter_mut().for_each(|(id, _, at)| *at = line(id, *at));
                found.sort();
                if found != expected {
                    wrong.push(format!("{id} {path} {authority}: {found:?}, not {expected:?}"));
                }
            }
            if let Some(expected) = case["own_expected"].as_array() {
                let expected: BTreeSet<_> = expected.iter().filter_map(Value::as_str).collect();
                let own: BTreeSet<_> =
                    said(&report, "nginx").into_iter().map(|(id, ..)| format!("nginx/{id}")).collect();
                let is_all = expected.iter().all(|name| own.contains(*name));
                if !is_all || (expected.is_empty() && !own.is_empty()) {
                    wrong.push(format!("{id} {path}: {own:?}, not {expected:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn apache_folders_are_told_what_they_should_be() {
    let mut wrong = Vec::new();
    for case in cases("apache.jsonl") {
        let folder = folder_of(&case);
        for path in [".", case["kind"].as_str().unwrap()] {
            let report = json(folder.path(), &[path]);
            let own: BTreeSet<_> = said(&report, "apache").into_iter().map(|(id, ..)| format!("apache/{id}")).collect();
            let expected: BTreeSet<_> = words(&case["own_expected"]).map(str::to_owned).collect();
            if own != expected {
                wrong.push(format!("{} {path}: {own:?}, not {expected:?}", case["id"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn units_are_as_exposed_as_the_program_says() {
    let mut wrong = Vec::new();
    for case in cases("systemd.jsonl").iter().step_by(SAMPLE) {
        let folder = tempfile::tempdir().unwrap();
        let name = case["unit_name"].as_str().unwrap();
        write(folder.path(), &[(name, case["unit"].as_str().unwrap())]);
        for path in [".", name] {
            let report = json(folder.path(), &[path]);
            let unit = &report["systemd"][name];
            let mut expected = case["expected"].clone();
            expected
                .as_object_mut()
                .unwrap()
                .retain(|name, _| ["exposure", "level", "settings"].contains(&name.as_str()));
            for setting in expected["settings"].as_object_mut().into_iter().flatten() {
                setting.1.as_object_mut().unwrap().remove("badness");
            }
            let is_refused = expected["exposure"].is_null();
            let is_equal = if is_refused { unit["exposure"].is_null() && unit.is_object() } else { *unit == expected };
            if !is_equal {
                wrong.push(format!("{} {path}: {unit}, not {expected}", case["id"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// One of so many; the crate's own tests go through them all.
const SAMPLE: usize = 5;

/// A project, and what is said of it with which options.
#[test]
fn every_option_makes_a_difference() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("web/manage.py", "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'app.settings')\n"),
        ("web/app/__init__.py", ""),
        ("web/app/settings.py", "import os\nfrom .base import *\nDEBUG = os.environ['DEBUG'] == 'yes'\n"),
        ("web/app/base.py", "SECRET_KEY = 'short'\nMIDDLEWARE = []\n"),
        ("web/app/staging.py", "from .base import *\nDEBUG = True\n"),
        ("closed.env", "DEBUG=no # not here\n"),
        ("open.env", "DEBUG='yes'\n"),
    ];
    write(folder.path(), &files);
    let debug = "django:security.W018";
    for (arguments, is_debug) in [
        (&["web", "--env-file", "open.env"][..], true),
        (&["web", "--env-file", "closed.env"], false),
        (&["web", "--env-file", "closed.env", "--env", "DEBUG=yes"], true),
        (&["web", "--env", "DEBUG=no"], false),
        (&["web"], false), // it depends, and so no authority is named
        (&["web", "--settings", "app.staging"], true),
        (&[".", "--settings", "app.staging"], true),
        (&["web/app/staging.py"], true),
    ] {
        let report = json(folder.path(), arguments);
        let names: Vec<_> =
            report["findings"].as_array().unwrap().iter().flat_map(|finding| words(&finding["equivalents"])).collect();
        assert_eq!(names.contains(&debug), is_debug, "{arguments:?}: {names:?}");
        assert!(names.contains(&"django:security.W009"), "{arguments:?}: {names:?}");
        assert_eq!(report["unparsed"], Value::Array(Vec::new()), "{arguments:?}");
    }
    let report = json(folder.path(), &["web", "--settings", "app.nowhere"]);
    assert_eq!(report["unparsed"].as_array().unwrap().len(), 1, "{report:#}");
    let key = json(folder.path(), &["web", "--env", "DEBUG=no"]);
    let places = key["findings"].as_array().unwrap().iter();
    let at: Vec<_> =
        places.filter(|one| words(&one["equivalents"]).any(|name| name == "django:security.W009")).collect();
    assert_eq!(at[0]["file"], "web/app/base.py");
    assert_eq!(at[0]["line"], 1);
    assert_eq!(at[0]["column"], 1);
}

/// Files of each format, and what is found in them.
#[test]
fn every_format_is_judged() {
    for (name, text, mode, id) in [
        (
            "krakend.json",
            r#"{"version": 3, "endpoints": [{"endpoint": "/a", "extra_config": {"security/http": {}}}]}"#,
            0o600,
            None,
        ),
        (".env", "SECRET_KEY=changeme\n", 0o644, Some("secret-file-readable")),
        (
            "compose.yaml",
            "services:\n  web:\n    image: x\n    environment:\n      POSTGRES_PASSWORD: postgres\n",
            0o600,
            None,
        ),
        ("Dockerfile", "FROM x\nENV DATABASE_PASSWORD=hunter2hunter2\n", 0o600, None),
        ("prod.secret.exs", "config :pleroma, Pleroma.Web.Endpoint, secret_key_base: \"changeme\"\n", 0o600, None),
    ] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[(name, text)]);
        fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
        for path in [".", name] {
            let report = json(folder.path(), &[path]);
            let ids: Vec<_> =
                report["findings"].as_array().unwrap().iter().filter_map(|finding| finding["id"].as_str()).collect();
            assert!(!ids.is_empty(), "nothing is found in {path} with {name}");
            assert!(id.is_none_or(|id| ids.contains(&id)), "{path} with {name}: {ids:?}");
            assert!(report["findings"][0]["file"] == name, "{report:#}");
        }
        fs::set_permissions(folder.path().join(name), fs::Permissions::from_mode(0o600)).unwrap();
        let report = json(folder.path(), &[name]);
        let is_readable = |finding: &Value| finding["id"] == "secret-file-readable";
        assert!(!report["findings"].as_array().unwrap().iter().any(is_readable), "{name}: {report:#}");
    }
}

#[test]
fn exit_codes_fit_what_happened() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("good/logrotate.conf", "weekly\n"),
        ("bad/settings.py", "DEBUG = True\nALLOWED_HOSTS = []\nSECRET_KEY = 'short'\n"),
        ("broken/krakend.json", "{"),
    ];
    write(folder.path(), &files);
    for (arguments, code, said) in [
        (&["good"][..], 0, ""),
        (&["bad"], 1, "settings.py:1:"),
        (&["broken"], 0, "krakend.json:1"),
        (&["broken", "--fail-on-unparsed"], 1, "krakend.json:1"),
        (&["good", "--fail-on-unparsed"], 0, ""),
        (&["good", "--systemd-version", "251"], 2, "252"),
        (&["good", "bad"], 1, "settings.py"),
        (&["bad", "--django-version", "4.2"], 2, "5.2"),
        (&["bad", "--django-csp", "5"], 2, "none"),
        (&["bad", "--env", "DEBUG"], 2, "an equals sign"),
        (&[], 2, "required"),
        (&["nowhere"], 3, "nowhere"),
        (&["bad", "--env-file", "nowhere"], 3, "cannot read nowhere"),
    ] {
        let output = audit(folder.path(), &arguments.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {text}");
        assert!(text.contains(said), "{arguments:?}: {text}");
    }
}
