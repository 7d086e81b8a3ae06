//! The dashboard as a whole: under our own scanner, and in Chromium over what Chromium reported.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use bartizan_testkit::{Program, RecordingUpstream, Reply, WireClient, outside_program, wait_until};
use serde_json::{Value, json};

const PASSWORD: &str = "a long enough password";

/// What the scanner finds on the listener itself, as `(rule, reason)`.
static IN_THE_CLEAR: &[(&str, &str)] =
    &[("http-not-redirected", "the admin listener is of this machine and speaks plain HTTP; a site brings TLS")];

/// A page that loads what its policy forbids.
fn app() -> RecordingUpstream {
    RecordingUpstream::start(|request| {
        let page = "<!doctype html><html lang=\"en\"><title>Shop</title><h1>Shop</h1>\
                    <img src=\"https://pixel.invalid/t.gif\" alt=\"\">";
        match request.request_line().split(' ').nth(1) {
            Some("/favicon.ico") => Reply::raw("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
            _ => Reply::with("Content-Type: text/html; charset=utf-8\r\n", page),
        }
    })
}

/// Starts a wall before the app, and before its own dashboard as `lookout.test`; `more` belongs to the dashboard.
fn wall(app: &RecordingUpstream, more: &str) -> Program {
    Program::serve(env!("CARGO_BIN_EXE_bartizan"), 3, |ports, state| {
        format!(
            "[server]\nlisten = [\"127.0.0.1:{}\"]\nlisten_http = [\"127.0.0.1:{}\"]\nadmin = \"127.0.0.1:{}\"\n\
             workers = 1\nstate_dir = {state:?}\n[reports]\nflush = \"10ms\"\n{more}\n\
             [[site]]\nhosts = [\"localhost\"]\nupstream = [\"{}\"]\nhttps = {{ port = {} }}\n\
             [site.headers]\ncsp = {{ mode = \"set\", value = \"default-src 'self'\" }}\ncsp_report_only = false\n\
             [site.reports]\ncollect = true\n\
             [[site]]\nhosts = [\"lookout.test\"]\nupstream = [\"http://127.0.0.1:{}\"]\n",
            ports[0],
            ports[1],
            ports[2],
            app.url(),
            ports[0],
            ports[2],
        )
    })
}

/// A user as the program itself makes one.
fn user(name: &str, role: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.args(["dashboard", "hash-password"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    writeln!(child.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    let hash = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    format!("[[dashboard.user]]\nname = \"{name}\"\nrole = \"{role}\"\npassword = \"{}\"\n", hash.trim())
}

fn scan(arguments: &[&str]) -> Value {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    let output = command.args(["scan", "--format", "json"]).args(arguments).output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn above_info(report: &Value) -> Vec<String> {
    let findings = report["findings"].as_array().unwrap().iter().filter(|found| found["severity"] != "info");
    findings.map(|found| found["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn our_own_scanner_finds_nothing() {
    let app = app();
    let open = wall(&app, "");
    let report = scan(&[&format!("http://{}/", open.address(2))]);
    let expected: Vec<_> = IN_THE_CLEAR.iter().map(|(id, _)| (*id).to_owned()).collect();
    assert_eq!(above_info(&report), expected, "{report:#}");

    let origins = "[dashboard]\norigins = [\"https://lookout.test\"]\n";
    let guarded = wall(&app, &format!("{origins}{}", user("ada", "viewer")));
    let authority = guarded.directory().join("ca/ca.pem");
    let resolve =
        [format!("lookout.test:443:{}", guarded.address(0)), format!("lookout.test:80:{}", guarded.address(1))];
    let site =
        ["lookout.test", "--cacert", authority.to_str().unwrap(), "--resolve", &resolve[0], "--resolve", &resolve[1]];
    let report = scan(&site);
    assert_eq!(above_info(&report), Vec::<String>::new(), "{report:#}\n{}", guarded.output());
    assert_eq!(report["observatory"]["grade"], "A+", "{report:#}");
}

#[test]
fn what_chromium_reports_appears_and_can_be_worked_with() {
    let Some(programs) = Programs::find() else { return };
    let app = app();
    let open = wall(&app, "");
    let guarded = wall(&app, &user("ada", "operator"));
    let address = |program: &Program, port: usize| program.address(port).port();
    let output = Command::new(&programs.node)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dashboard/drive.mjs"))
        .arg(&programs.packages)
        .args([
            format!("https://localhost:{}", address(&open, 0)),
            format!("http://localhost:{}", address(&open, 2)),
            format!("http://localhost:{}", address(&guarded, 2)),
            PASSWORD.to_owned(),
        ])
        .output()
        .unwrap();
    let (out, faults) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let seen: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{faults}"));
    assert_eq!(seen["error"], Value::Null, "{seen:#}\n{}", open.output());
    assert_eq!((&seen["console"], &seen["failed"]), (&json!([]), &json!([])), "{seen:#}");
    let steps = [
        "nothing yet",
        "the violation appeared by itself",
        "the group shows page and sample",
        "the policy blocks",
        "the policy allows",
        "no script, same words",
        "the keyboard skips to the content",
        "signed in by keyboard",
        "came back to the page",
        "signed out",
    ];
    assert_eq!(seen["steps"], json!(steps), "{seen:#}");
    assert_eq!(seen["cookie"], json!({ "name": "bartizan", "httpOnly": true, "sameSite": "Strict", "path": "/" }));
    // On a small screen nothing leaves it, and every page has one heading and one main part.
    let pages = seen["pages"].as_array().unwrap();
    assert!(pages.len() >= 33, "{seen:#}");
    for page in pages {
        let sound = (&page["status"], &page["overflow"], &page["headings"], &page["mains"]);
        assert_eq!(sound, (&json!(200), &json!(0), &json!(1), &json!(1)), "{page}");
    }
    let (light, dark) = (&seen["light"], &seen["dark"]);
    assert!(light["ground"].as_f64() > light["text"].as_f64(), "{seen:#}");
    assert!(dark["ground"].as_f64() < dark["text"].as_f64(), "{seen:#}");
}

#[test]
fn a_site_is_looked_at_from_outside_and_what_was_seen_is_kept() {
    let app = app();
    let open = wall(&app, "");
    let get = |program: &Program, head: &str, body: &str| {
        let admin = program.address(2);
        let head = format!("{head} HTTP/1.1\r\nHost: {admin}\r\nConnection: close\r\n");
        let form = format!(
            "Origin: http://{admin}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        WireClient::plain(admin).ask(format!("{head}{form}").as_bytes())
    };
    let page = |program: &Program| get(program, "GET /sites/site?site=localhost", "").text();
    assert!(page(&open).contains("Nobody has had the site looked at yet"), "{}", page(&open));
    assert_eq!(get(&open, "POST /sites/site", "site=other").status, 404);
    assert_eq!(get(&open, "POST /sites/site", "site=localhost").status, 303);
    let seen = wait_until("what was seen", || Some(page(&open)).filter(|page| page.contains("Looked at")));
    // The app's page, behind our TLS and our policy.
    assert!(seen.contains("MDN HTTP Observatory") && !seen.contains("Not everything could be seen"), "{seen}");
    let kept: Value =
        serde_json::from_str(&std::fs::read_to_string(open.directory().join("scans.json")).unwrap()).unwrap();
    assert_eq!(kept["localhost"]["unseen"], json!([]), "{kept:#}");
    assert!(kept["localhost"]["letter"].is_string(), "{kept:#}");
}

/// A token as the program itself makes one: what is said, and what the configuration keeps.
fn token(name: &str, scope: &str) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_bartizan")).args(["dashboard", "new-token"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let line = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
    let kept =
        format!("[[dashboard.token]]\nname = \"{name}\"\nhash = \"{}\"\nscopes = [\"{scope}\"]\n", line("hash:"));
    (line("token:"), kept)
}

/// Starts a wall with an autopilot, whose listener is asked.
fn flying(app: &RecordingUpstream, more: &str) -> Program {
    Program::serve(env!("CARGO_BIN_EXE_bartizan"), 2, |ports, state| {
        format!(
            "[server]\nlisten = []\nlisten_http = [\"127.0.0.1:{}\"]\nadmin = \"127.0.0.1:{}\"\nworkers = 1\n\
             state_dir = {state:?}\n{more}\n[[site]]\nhosts = [\"localhost\"]\nupstream = [\"{}\"]\n[site.autopilot]\n",
            ports[0],
            ports[1],
            app.url(),
        )
    })
}

#[test]
fn every_address_of_the_admin_listener_asks_who_it_is() {
    let app = app();
    let [(look, look_kept), (operate, operate_kept)] = [token("graphs", "wall"), token("pilot", "operate")];
    // The dashboard's own pages may be switched off; the door stays.
    for pages in ["", "[dashboard]\nenabled = false\n"] {
        let guarded = flying(&app, &format!("{pages}{}{look_kept}{operate_kept}", user("ada", "operator")));
        let open = flying(&app, "");
        let ask = |program: &Program, method: &str, path: &str, token: Option<&str>| {
            let admin = program.address(1);
            let token = token.map_or_else(String::new, |token| format!("Authorization: Bearer {token}\r\n"));
            let head = format!(
                "{method} {path} HTTP/1.1\r\nHost: {admin}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\
                 Connection: close\r\n{token}\r\n{{}}"
            );
            WireClient::plain(admin).ask(head.as_bytes()).status
        };
        // By nobody, by who may look, by who may operate; and where there are no users.
        for (method, path, nobody, looks, operates, without_users) in [
            ("GET", "/health", 200, 200, 200, 200),
            ("GET", "/ready", 200, 200, 200, 200),
            ("GET", "/metrics", 200, 200, 200, 200),
            ("GET", "/waf/review", 401, 200, 200, 200),
            ("GET", "/waf/events", 401, 200, 200, 200),
            ("GET", "/waf/requests/abc", 401, 404, 404, 404),
            ("GET", "/other", 401, 404, 404, 404),
            ("GET", "/autopilot", 401, 200, 200, 200),
            ("POST", "/autopilot/hold", 401, 403, 400, 400),
        ] {
            for (program, token, status) in [
                (&guarded, None, nobody),
                (&guarded, Some("bartizan_x"), if path == "/health" || path == "/ready" { 200 } else { 401 }),
                (&guarded, Some(look.as_str()), looks),
                (&guarded, Some(operate.as_str()), operates),
                (&open, None, without_users),
            ] {
                let found = ask(program, method, path, token);
                assert_eq!(found, status, "{method} {path} {token:?} {pages}\n{}", program.output());
            }
        }
    }
}

#[test]
fn commands_say_who_they_are() {
    let app = app();
    let (look, kept) = token("look", "wall");
    let guarded = flying(&app, &format!("{}{kept}", user("ada", "operator")));
    let admin = guarded.address(1).to_string();
    let file = guarded.directory().join("token");
    std::fs::write(&file, format!("{look}\n")).unwrap();
    let file = file.to_str().unwrap();
    let run = |arguments: &[&str], token: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
        command
            .args(arguments)
            .args(["--admin", &admin])
            .env("BARTIZAN_TOKEN", token)
            .env_remove("BARTIZAN_TOKEN_FILE");
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    for (arguments, token, code, said) in [
        (&["waf", "review"][..], "", 3, "wants a token"),
        (&["waf", "review"], "bartizan_x", 3, "wants a token"),
        (&["waf", "review"], look.as_str(), 0, ""),
        (&["waf", "review", "--token-file", file], "", 0, ""),
        (&["waf", "review", "--token-file", "/nowhere"], "", 3, "/nowhere"),
        (&["waf", "review"], "a\r\nX: b", 3, "holds no token"),
        (&["explain", "--request", "abc"], "", 3, "wants a token"),
        (&["explain", "--request", "abc"], &look, 1, "found nothing"),
        (&["autopilot", "status"], "", 3, "wants a token"),
        (&["autopilot", "hold", "localhost"], &look, 3, "does not allow"),
    ] {
        let (found, text) = run(arguments, token);
        assert_eq!(found, Some(code), "{arguments:?} {token}: {text}");
        assert!(text.contains(said), "{arguments:?} {token}: {text}");
    }
}

/// The programs of the test that the workspace does not build.
struct Programs {
    node: PathBuf,
    packages: PathBuf,
}

impl Programs {
    fn find() -> Option<Self> {
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
        let packages = outside_program(&target.join("test-node/node_modules"))?;
        outside_program(Path::new("/usr/bin/chromium"))?;
        let own = target.join("test-venv/bin/node");
        Some(Self { packages, node: if own.exists() { own } else { "node".into() } })
    }
}
