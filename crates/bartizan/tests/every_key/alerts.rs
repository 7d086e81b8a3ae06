//! `[reports.alerts]`: what is told, when, and how it arrives.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use bartizan_reports::collector::now;
use bartizan_reports::sketch::{Client, Sketch};
use bartizan_reports::store::{Batch, GroupDelta, Sqlite, Store as _};
use bartizan_reports::subject::Subject;
use bartizan_testkit::{MailEncryption, MailOptions, MailServer, RecordingUpstream};

use super::asks::soon;
use super::case::Case;
use super::{Proof, Row, Seen, below};

pub(crate) fn proofs() -> Vec<Proof> {
    let mut all = below("reports.alerts.", ROWS);
    for proof in &mut all {
        // The file is only read, and nothing is started.
        let hook = if proof.key.ends_with("spike") || proof.key.ends_with("silence") {
            "\"http://127.0.0.1:1/\""
        } else {
            "\"{hook}/hook\""
        };
        for (key, value) in [
            ("reports.store", "\"own.sqlite\""),
            ("reports.flush", "\"10ms\""),
            ("site[].reports.collect", "true"),
            ("reports.alerts.webhook[].url", hook),
        ] {
            proof.also.push((key.to_owned(), value));
        }
    }
    all.extend(below("reports.alerts.webhook[].", WEBHOOK));
    all.extend(below("reports.alerts.mail[].", MAIL));
    all.extend(below("reports.alerts.command[].", COMMAND));
    all
}

const ROWS: &[Row] = &[
    ("clients", &["1", "5"], &[], told),
    ("learn", &["\"1s\"", "\"30d\""], &[], told),
    ("spike", &["10", "1000", "\"none\""], &[], |case| vec![("shown", line(case, "spike"))]),
    ("silence", &["\"1h\"", "\"30d\"", "\"none\""], &[], told_of_silence),
    ("quiet_hours", &["\"none\"", "\"00:00-23:59\""], &[], |case| {
        let (_program, hooked) = watched(case);
        vec![("told", soon(|| !hooked.requests().is_empty()).to_string())]
    }),
];

const WEBHOOK: &[Row] = &[
    ("url", &["\"{hook}/one\"", "\"{hook}/two\""], &[], posted),
    ("form", &["\"json\"", "\"matrix\"", "\"slack\""], &[("url", "\"{hook}/hook\"")], posted),
    ("token_env", &["\"SECRET_ONE\"", "\"SECRET_TWO\""], &[("url", "\"{hook}/hook/{token}\"")], posted),
    ("authorities", &["\"@ca_one\"", "\"@ca_two\""], &[("url", "\"https://127.0.0.1:1/\"")], |case| {
        vec![("shown", line(case, "authorities"))]
    }),
];

const MAIL: &[Row] = &[
    ("server", &["\"127.0.0.1:{mail}\"", "\"127.0.0.1:1\""], PLAIN, mailed),
    ("encryption", &["\"starttls\"", "\"implicit\"", "\"dangerous_plain\""], TO, mailed),
    ("user", &["\"one\"", "\"two\""], LOGIN, mailed),
    ("password_env", &["\"SECRET_ONE\"", "\"SECRET_TWO\""], LOGIN, mailed),
    ("from", &["\"one@a.example\"", "\"two@a.example\""], PLAIN, mailed),
    ("to", &["[\"one@a.example\"]", "[\"two@a.example\"]"], PLAIN, mailed),
    ("authorities", &["\"@ca_one\"", "\"@ca_two\""], LOGIN, mailed),
];

const TO: &[(&str, &str)] =
    &[("server", "\"127.0.0.1:{mail}\""), ("from", "\"a@a.example\""), ("to", "[\"b@a.example\"]")];

const PLAIN: &[(&str, &str)] = &[
    ("server", "\"127.0.0.1:{mail}\""),
    ("from", "\"a@a.example\""),
    ("to", "[\"b@a.example\"]"),
    ("encryption", "\"dangerous_plain\""),
];

const LOGIN: &[(&str, &str)] = &[
    ("server", "\"127.0.0.1:{mail_tls}\""),
    ("from", "\"a@a.example\""),
    ("to", "[\"b@a.example\"]"),
    ("user", "\"a\""),
    ("password_env", "\"SECRET_ONE\""),
    ("authorities", "\"@ca_one\""),
];

const COMMAND: &[Row] = &[("run", &["[\"true\"]", "[\"false\"]"], &[], |case| vec![("status", tried(case, &[]).0)])];

/// A group that so many clients reported, first seen so many hours ago.
fn group(kind: &'static str, what: &'static str, target: &'static str, clients: u64, hours: i64) -> GroupDelta {
    let subject = Subject {
        kind: kind.into(),
        what: what.into(),
        target: target.into(),
        source: "".into(),
        disposition: "".into(),
        noise: None,
    };
    let mut sketch = Sketch::default();
    (0..clients).for_each(|client| sketch.add(Client(client)));
    GroupDelta {
        id: subject.fingerprint("app.example", ""),
        site: "app.example".into(),
        policy: "".into(),
        subject: Arc::new(subject),
        count: clients,
        first_seen: now() - hours * HOUR,
        last_seen: now() - hours * HOUR,
        clients: sketch,
        pages: Vec::new(),
    }
}

/// Starts the program over a store with something to tell; returns who is told, too.
fn watched(case: &Case<'_>) -> (bartizan_testkit::Program, RecordingUpstream) {
    let hooked = RecordingUpstream::answering("");
    let (program, _) = case.program_with(&Case::app(), &[("{hook}", hooked.url())], fill);
    (program, hooked)
}

fn fill(folder: &Path) {
    let mut store = Sqlite::open(&folder.join("own.sqlite")).unwrap();
    // Known to all, so that each message has it.
    let all = group("expect-ct", "", "marker.example", 60, 0);
    let few = group("network-error", "tls.failed", "https://few.example/", 3, 0);
    store.apply(&Batch { at: now(), groups: vec![all, few], ..Batch::default() }).unwrap();
}

/// Returns what is told first; a new origin of scripts comes later, when the site is watched.
fn told(case: &Case<'_>) -> Seen {
    let (program, hooked) = watched(case);
    hooked.wait_for(1);
    let mut store = Sqlite::open(&program.directory().join("own.sqlite")).unwrap();
    // The site is a second old by then, or not for a month.
    let script = GroupDelta { first_seen: now() + 2000, ..group("csp-hash", "", "https://new.example/x.js", 60, 0) };
    store.apply(&Batch { at: now(), groups: vec![script], ..Batch::default() }).unwrap();
    let is_new = soon(|| program.output().contains("a new origin of scripts"));
    let titles: Vec<_> =
        hooked.requests().iter().map(|request| String::from_utf8_lossy(&request.body).into_owned()).collect();
    let has_few = titles.iter().any(|title| title.contains("few.example"));
    vec![("told", format!("few: {has_few}, new: {is_new}"))]
}

fn told_of_silence(case: &Case<'_>) -> Seen {
    vec![("shown", line(case, "silence"))]
}

/// Returns a line of the effective configuration.
fn line(case: &Case<'_>, key: &str) -> String {
    let shown = case.shown();
    let lines = shown.lines().filter(|line| line.starts_with(&format!("{key} = ")));
    lines.filter_map(|line| line.split(" #").next()).collect::<Vec<_>>().join("\n")
}

/// Returns what the trial message posts.
fn posted(case: &Case<'_>) -> Seen {
    let hooked = RecordingUpstream::answering("");
    let (status, _) = tried(case, &[("{hook}", hooked.url())]);
    let request = hooked.requests().into_iter().next();
    let seen = request.map(|request| {
        let body: serde_json::Value = serde_json::from_slice(&request.body).unwrap();
        let members: Vec<_> = body.as_object().unwrap().keys().cloned().collect();
        // The end of a path of Matrix is another each time.
        let line = request.request_line();
        let line = line.split(' ').take(2).map(|word| word.get(..14).unwrap_or(word)).collect::<Vec<_>>().join(" ");
        format!("{line} {members:?} {:?}", request.header("authorization"))
    });
    vec![("told", format!("{status} {seen:?}"))]
}

/// Returns what the trial message says to a mail server, which speaks TLS only after STARTTLS, and another that has none.
fn mailed(case: &Case<'_>) -> Seen {
    let plain = MailServer::start(MailOptions::default());
    let encryption = MailEncryption::StartTls(case.fixture.one.clone());
    let tls = MailServer::start(MailOptions { encryption, offers: &["AUTH PLAIN"], ..MailOptions::default() });
    let (status, said) = tried(
        case,
        &[("{mail}", plain.address().port().to_string()), ("{mail_tls}", tls.address().port().to_string())],
    );
    let starts = ["MAIL", "RCPT", "AUTH", "tls: MAIL", "tls: RCPT", "tls: AUTH"];
    let lines = [plain.lines(), tls.lines()].concat();
    let lines: Vec<_> = lines.into_iter().filter(|line| starts.iter().any(|start| line.starts_with(start))).collect();
    let why = said.lines().last().unwrap_or_default().replace(&plain.address().port().to_string(), "PORT");
    let why = if lines.is_empty() { why } else { String::new() };
    vec![("told", format!("{status} {why} {}", lines.join("\n")))]
}

/// Runs `bartizan alerts test`; returns its status and what it said.
fn tried(case: &Case<'_>, names: &[(&str, String)]) -> (String, String) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wall.toml");
    std::fs::write(&file, case.filled(names)).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_bartizan"));
    command.args(["alerts".as_ref(), "test".as_ref(), "--config".as_ref(), file.as_os_str()]);
    let output = command.env("SECRET_ONE", "first").env("SECRET_TWO", "second").output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap_or(-1).to_string(), String::from_utf8_lossy(&said).into_owned())
}

const HOUR: i64 = 3_600_000;
