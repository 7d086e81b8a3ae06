//! A real app behind the wall: the Django admin under gunicorn, driven by Chromium.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

use std::path::{Path, PathBuf};
use std::process::Command;

use bartizan_testkit::{Program, RecordingUpstream, free_port, outside_program};
use serde_json::{Value, json};
use tempfile::TempDir;

#[test]
fn the_admin_works_behind_balanced() {
    drive("balanced");
}

#[test]
fn the_admin_works_behind_strict() {
    drive("strict");
}

/// The configuration is the short one in both profiles: the admin needs nothing loosened.
fn drive(profile: &str) {
    let Some(programs) = Programs::find() else { return };
    let app = start_app(&programs);
    let wall = Program::serve(env!("CARGO_BIN_EXE_bartizan"), 2, |ports, state| {
        format!(
            "[server]\nlisten = [\"127.0.0.1:{}\"]\nlisten_http = [\"127.0.0.1:{}\"]\nadmin = \"none\"\nworkers = 1\n\
             state_dir = {state:?}\n[[site]]\nhosts = [\"localhost\"]\nupstream = [\"http://{}\"]\n\
             profile = \"{profile}\"\nhttps = {{ port = {} }}\n",
            ports[0],
            ports[1],
            app.address(0),
            ports[0],
        )
    });
    let elsewhere = RecordingUpstream::answering("another site");
    let here = format!("https://localhost:{}", wall.address(0).port());
    let output = Command::new(&programs.node)
        .arg(fixture("drive.mjs"))
        .args([&programs.packages, Path::new(&here), Path::new(&elsewhere.url())])
        .output()
        .unwrap();
    let (out, faults) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let seen: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{faults}"));
    let log = wall.output();
    assert_eq!(seen["error"], Value::Null, "{seen:#}\n{log}");
    assert_eq!(seen["steps"], json!(["signed in", "added", "deleted"]), "{seen:#}\n{log}");
    assert_eq!((&seen["console"], &seen["failed"]), (&json!([]), &json!([])), "{seen:#}\n{log}");

    let cookies = seen["cookies"].as_array().unwrap();
    let named = |name: &str| cookies.iter().find(|cookie| cookie["name"] == name);
    let session = named("__Host-sessionid").unwrap();
    assert_eq!(
        *session,
        json!({ "name": "__Host-sessionid", "secure": true, "httpOnly": true, "sameSite": "Lax", "path": "/" })
    );
    // Scripts read the token by its name.
    assert!(named("csrftoken").is_some_and(|cookie| cookie["secure"] == true), "{seen:#}");
    assert!(named("sessionid").is_none(), "{seen:#}");

    assert_eq!((&seen["forged"], &seen["transfers"]), (&json!(403), &json!("0")), "{seen:#}\n{log}");
    assert_eq!(seen["crash"]["status"], 500, "{seen:#}");
    let page = seen["crash"]["text"].as_str().unwrap();
    assert!(
        page.contains("quote this number") && !page.contains("hunter2") && !page.contains("RuntimeError"),
        "{page}"
    );
}

/// The programs of the test that the workspace does not build.
struct Programs {
    python: PathBuf,
    node: PathBuf,
    packages: PathBuf,
}

impl Programs {
    fn find() -> Option<Self> {
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
        let python = outside_program(&target.join("test-venv/bin/python"))?;
        let packages = outside_program(&target.join("test-node/node_modules"))?;
        outside_program(Path::new("/usr/bin/chromium"))?;
        let own = target.join("test-venv/bin/node");
        Some(Self { python, packages, node: if own.exists() { own } else { "node".into() } })
    }
}

fn start_app(programs: &Programs) -> Program {
    let directory = TempDir::new().unwrap();
    let python = |script: &[&str]| {
        let mut command = Command::new(&programs.python);
        let environment = [("REAL_APP_HOST", "localhost"), ("PYTHONDONTWRITEBYTECODE", "1")];
        command.args(script).envs(environment).env("REAL_APP_STATE", directory.path()).env("PYTHONPATH", fixture(""));
        command
    };
    let prepared = python(&[fixture("prepare.py").to_str().unwrap()]).output().unwrap();
    assert!(prepared.status.success(), "{}", String::from_utf8_lossy(&prepared.stderr));
    let port = free_port();
    // One process, for the app counts transfers in its memory; threads, for a browser asks in parallel.
    let bind = format!("127.0.0.1:{port}");
    let mut command = python(&["-m", "gunicorn", "--threads", "4", "--bind", &bind, "wsgi:application"]);
    Program::start(&mut command, directory, vec![port])
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/real_app").join(name)
}
