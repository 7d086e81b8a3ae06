//! What `policy suggest` makes of the violations of a site: a policy under which the same journey in Chromium has none.
//!
//! Once of a site of our own, which loads in every way there is; and of real apps, by the journeys that a person goes
//! through them. Neither has inline code: no report tells enough of it to name it, and `suggest` says so instead of
//! allowing all.

#![allow(clippy::unwrap_used, reason = "a helper that cannot go on is a failed test")]

#[allow(dead_code, reason = "the journeys' own, of which this needs a part")]
#[path = "../journeys/app.rs"]
mod app;
#[path = "../journeys/browser.rs"]
mod browser;
#[allow(dead_code, reason = "the journeys' own, of which this needs a part")]
#[path = "../journeys/seen.rs"]
mod seen;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use app::App;
use bartizan_reports::store::{Filter, Sqlite, Store as _};
use bartizan_testkit::{Program, RecordingUpstream, Reply, outside_program, wait_until};
use browser::Browser;
use serde_json::Value;

#[test]
fn a_journey_under_the_suggested_policy_has_no_violation() {
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target");
    let Some(packages) = outside_program(&target.join("test-node/node_modules")) else { return };
    if outside_program(Path::new("/usr/bin/chromium")).is_none() {
        return;
    }
    let cdn = RecordingUpstream::start(|request| third_party(&request.request_line()));
    let other = RecordingUpstream::start(|request| third_party(&request.request_line()));
    let (cdn_url, other_url) = (cdn.url(), other.url());
    let app = RecordingUpstream::start(move |request| site(&request.request_line(), &cdn_url, &other_url));

    // First nothing is allowed and nothing refused: all that the site loads is reported.
    let mut wall = serve(&app.url(), WATCHED);
    let first = journey(&packages, &wall);
    // Chromium reports the same of a page once, and says so to the page each time.
    let violations: BTreeSet<_> = first["violations"].as_array().unwrap().iter().map(Value::to_string).collect();
    assert!(violations.len() >= 15, "{first:#}");
    wait_until("every violation to be stored", || (stored(&wall) >= violations.len() as u64).then_some(()));
    wall.signal("TERM");
    wall.wait_for_exit();
    let suggested = suggest(&wall);
    let policy = suggested["policy"].as_str().unwrap();
    assert_eq!(suggested["still_blocked"], serde_json::json!([]), "{suggested:#}");
    // The narrowest: files by their folder or name, and no scheme or star for the sake of ease.
    for (part, is_there) in [
        (format!("{}/lib/", cdn.url()), true),
        (format!("{}/pictures/one.svg", cdn.url()), true),
        (format!("{}/api/data.json", other.url()), true),
        ("https:".to_owned(), false),
        ("http: ".to_owned(), false),
        ("*".to_owned(), false),
        ("default-src 'none'".to_owned(), true),
    ] {
        assert_eq!(policy.contains(&part), is_there, "{part}: {policy}");
    }

    // Then the proposal is enforced.
    let mut wall = serve(&app.url(), &enforced(policy));
    let second = journey(&packages, &wall);
    assert_eq!(second["violations"], serde_json::json!([]), "{policy}\n{second:#}");
    assert_eq!(second["works"], first["works"], "{policy}\n{second:#}");
    assert_eq!(second["error"], Value::Null, "{second:#}");
    wall.signal("TERM");
    wall.wait_for_exit();
    assert_eq!(stored(&wall), 0, "{policy}");
}

#[test]
fn django_admin_works_under_the_policy_that_its_violations_suggest() {
    real_app("django", &["script-src 'self'", "style-src 'self'", "img-src 'self'"]);
}

/// Goes an app's journey under a policy that allows nothing and refuses nothing, and again under the proposal.
fn real_app(name: &str, parts: &[&str]) {
    let (Some(app), Some(browser)) = (App::find(name), Browser::find()) else { return };
    let running = app.start();
    let mut wall = serve(&running.url(), WATCHED);
    let first = browser.drive(&app, &url(&wall), "watched");
    assert_eq!(first.error, None, "{first:#?}\n{}", running.output());
    let distinct = |seen: &seen::Seen| -> BTreeSet<(String, String)> {
        let told = seen.violations.iter().map(|violation| (violation.directive.clone(), violation.blocked.clone()));
        told.collect()
    };
    let told = distinct(&first);
    assert!(told.len() >= 5, "{first:#?}");
    wait_until("every violation to be stored", || (groups(&wall) >= told.len() as u64).then_some(()));
    wall.signal("TERM");
    wall.wait_for_exit();
    let suggested = suggest(&wall);
    let policy = suggested["policy"].as_str().unwrap();
    for list in ["still_blocked", "cannot_verify", "left_out"] {
        assert_eq!(suggested[list], serde_json::json!([]), "{list}: {suggested:#}");
    }
    for part in parts.iter().chain(&["default-src 'none'"]) {
        assert!(policy.contains(part), "{part}: {policy}");
    }
    for part in ["'unsafe-", "https:", "http:", "*"] {
        assert!(!policy.contains(part), "{part}: {policy}");
    }

    let mut wall = serve(&running.url(), &enforced(policy));
    let second = browser.drive(&app, &url(&wall), "suggested");
    assert_eq!(distinct(&second), BTreeSet::new(), "{policy}\n{second:#?}");
    assert_eq!((&second.error, &second.steps), (&None, &first.steps), "{policy}\n{second:#?}");
    wall.signal("TERM");
    wall.wait_for_exit();
    assert_eq!(listed(&wall), [""; 0], "{policy}");
}

/// Nothing is allowed and nothing refused: all that a site loads is reported.
const WATCHED: &str = "csp = false, csp_report_only = \"default-src 'none'\"";

fn enforced(policy: &str) -> String {
    format!("csp_report_only = false, csp = {{ mode = \"set\", value = {policy:?} }}")
}

fn serve(app: &str, headers: &str) -> Program {
    Program::serve(env!("CARGO_BIN_EXE_bartizan"), 2, |ports, state| {
        format!(
            "[server]\nlisten = [\"127.0.0.1:{}\"]\nlisten_http = [\"127.0.0.1:{}\"]\nadmin = \"none\"\nworkers = 1\n\
             state_dir = {state:?}\n[reports]\nflush = \"10ms\"\n[[site]]\nhosts = [\"localhost\"]\n\
             upstream = [\"{}\"]\nprofile = \"balanced\"\nhttps = {{ port = {} }}\nheaders = {{ {headers} }}\n\
             reports = {{ collect = true }}\n",
            ports[0], ports[1], app, ports[0],
        )
    })
}

fn journey(packages: &Path, wall: &Program) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suggested/journey.mjs");
    let output = Command::new(app::node_or("node")).arg(script).arg(packages).arg(url(wall)).output().unwrap();
    let (out, faults) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let seen: Value = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{faults}"));
    assert_eq!(seen["error"], Value::Null, "{seen:#}\n{}", wall.output());
    seen
}

fn url(wall: &Program) -> String {
    format!("https://localhost:{}", wall.address(0).port())
}

/// Returns the violations that were reported, a line each. An app may have other faults, such as what is deprecated.
fn listed(wall: &Program) -> Vec<String> {
    let filter = Filter { kind: Some("csp-violation".to_owned()), ..Filter::default() };
    let groups = Sqlite::read(&store(wall)).unwrap().groups(&filter).unwrap();
    groups.iter().map(|group| format!("{:?} {:?}", group.subject, group.count)).collect()
}

fn groups(wall: &Program) -> u64 {
    let filter = Filter { kind: Some("csp-violation".to_owned()), ..Filter::default() };
    Sqlite::read(&store(wall)).unwrap().totals(&filter).unwrap().groups
}

fn store(wall: &Program) -> PathBuf {
    wall.directory().join("reports.sqlite")
}

fn stored(wall: &Program) -> u64 {
    Sqlite::read(&store(wall)).unwrap().totals(&Filter::default()).unwrap().reports
}

fn suggest(wall: &Program) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_bartizan"))
        .args(["policy", "suggest", "--site", "localhost", "--format", "json", "--store"])
        .arg(store(wall))
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}

fn typed(media_type: &str, body: &str) -> Reply {
    Reply::with(&format!("Content-Type: {media_type}\r\nAccess-Control-Allow-Origin: *\r\n"), body)
}

/// Answers as other sites do from whom pages load things.
fn third_party(line: &str) -> Reply {
    let path = line.split(' ').nth(1).unwrap_or_default().split('?').next().unwrap_or_default();
    match path {
        "/lib/one.js" => typed("text/javascript", "works('one')"),
        "/lib/two.js" => typed("text/javascript", "works('two')"),
        "/styles/theme.css" => typed("text/css", "p { color: teal }"),
        "/frame" => typed("text/html", "<!doctype html><title>frame</title>"),
        "/api/data.json" => typed("application/json", "{}"),
        path if path.ends_with(".svg") => typed("image/svg+xml", PICTURE),
        _ => Reply::raw("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
    }
}

/// Answers as the site itself.
fn site(line: &str, cdn: &str, other: &str) -> Reply {
    let fill = |text: &str| text.replace("{cdn}", cdn).replace("{other}", other);
    match line.split(' ').nth(1).unwrap_or_default() {
        "/" => typed("text/html", &fill(FIRST)),
        "/second" => typed("text/html", &fill(SECOND)),
        "/frame" => typed("text/html", "<!doctype html><title>own frame</title><p>inside"),
        "/app.js" => typed("text/javascript", &fill(APP)),
        "/style.css" => typed("text/css", "h1 { background: url(/own.svg) }"),
        "/worker.js" => typed("text/javascript", "postMessage('here')"),
        "/manifest.json" => typed("application/manifest+json", "{\"name\":\"site\"}"),
        "/own.svg" => typed("image/svg+xml", PICTURE),
        "/api" => typed("application/json", "{}"),
        _ => Reply::raw("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
    }
}

const PICTURE: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>";

const FIRST: &str = r#"<!doctype html><html lang="en"><head><title>first</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css"><link rel="stylesheet" href="{cdn}/styles/theme.css">
<link rel="manifest" href="/manifest.json">
<script src="/app.js"></script>
</head><body><h1>first</h1>
<script src="{cdn}/lib/one.js?v=1"></script><script src="{cdn}/lib/two.js"></script>
<img alt="" src="{cdn}/pictures/one.svg" id="picture">
<img alt="" src="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E">
<iframe title="own" src="/frame"></iframe><iframe title="other" src="{other}/frame"></iframe>
</body></html>"#;

const SECOND: &str = r#"<!doctype html><html lang="en"><head><title>second</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"><script src="/app.js"></script>
</head><body><h1>second</h1><img alt="" src="/own.svg"><img alt="" src="{other}/a/b/one.svg">
<img alt="" src="{other}/a/c/two.svg"></body></html>"#;

/// Notes what works, and says when all of it has come to an end.
const APP: &str = r"
const done = new Set();
function works(what) { done.add(what); }
function go() {
  const all = [
    fetch('/api').then(() => works('own api'), () => {}),
    fetch('{other}/api/data.json?x=1').then(() => works('other api'), () => {}),
    new Promise((end) => {
      const picture = new Image();
      picture.onload = () => { works('blob picture'); end(); };
      picture.onerror = end;
      picture.src = URL.createObjectURL(new Blob([`<svg xmlns='http://www.w3.org/2000/svg'/>`], { type: 'image/svg+xml' }));
    }),
    ...['/worker.js', URL.createObjectURL(new Blob([`postMessage('here')`]))].map((address, at) => new Promise((end) => {
      try {
        const worker = new Worker(address);
        worker.onmessage = () => { works(`worker ${at}`); end(); };
        worker.onerror = end;
      } catch { end(); }
    })),
    new Promise((end) => { addEventListener('load', end); }),
  ];
  Promise.all(all).then(() => {
    if (document.querySelector('#picture')?.naturalWidth) works('picture');
    document.documentElement.dataset.works = [...done].sort().join(' ');
    document.documentElement.dataset.done = 'yes';
  });
}
document.addEventListener('DOMContentLoaded', go);
";
