//! PEERS 2: what follows a request for another protocol is held until the app has agreed.

use std::io::Read;

use bartizan_testkit::{RecordingUpstream, Release, Reply};

use crate::harness::{SMUGGLED, Wall};

const UPGRADE: &str = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

fn upgrade(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: app.example\r\n{UPGRADE}\r\n").into_bytes()
}

#[test]
fn early_bytes_wait_for_the_101() {
    // CVE-2026-2833, CVE-2025-64763.
    for early in [&b"early-bytes"[..], SMUGGLED, b"\x81\x05hello", b"\0", b"GET /smuggled HTTP/1.1\n\n"] {
        let release = Release::default();
        let held = release.clone();
        let app = RecordingUpstream::start(move |_| {
            Reply::default()
                .hang(&held, "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
        });
        let wall = Wall::before(app, "", "");
        let mut client = wall.plain();
        client.send(&[&upgrade("/chat")[..], early].concat());
        wall.app.wait_for(1);
        let received = wall.app.connections().concat();
        assert!(received.ends_with(b"\r\n\r\n"), "{}", received.escape_ascii());
        assert!(
            !received.windows(early.len()).any(|window| window == early) || early == b"\0",
            "{}",
            received.escape_ascii()
        );
        release.release();
        assert_eq!(client.read_response().status, 101);
    }
}

#[test]
fn after_a_101_bytes_pass_both_ways() {
    let app = RecordingUpstream::start(|_| {
        Reply::raw("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n").echo()
    });
    let wall = Wall::before(app, "", "");
    let mut client = wall.plain();
    client.send(&[&upgrade("/chat")[..], b"early"].concat());
    assert_eq!(client.read_response().status, 101);
    client.send(b"-late");
    let mut back = [0; 10];
    client.read_exact(&mut back).unwrap();
    assert_eq!(&back, b"early-late");
    let request = wall.app.requests().pop().unwrap();
    assert_eq!(
        (request.all("upgrade"), request.all("connection")),
        (vec!["websocket".to_owned()], vec!["upgrade".to_owned()])
    );
}

#[test]
fn a_refused_upgrade_opens_no_tunnel() {
    let replies = [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno",
        "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno",
        "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno",
        "HTTP/1.1 204 No Content\r\n\r\n",
    ];
    for reply in replies {
        let app = RecordingUpstream::start(move |request| {
            if request.request_line().contains("/chat") { Reply::raw(reply) } else { Reply::ok("ok") }
        });
        let wall = Wall::before(app, "", "[[site.route]]\npath = \"/smuggled\"\ndeny = true\n");
        // What was held is judged as any other request: this one meets the closed route, the next is no request.
        for after in [SMUGGLED, b"\x81\x05hello\r\n\r\n", b"GET /smuggled HTTP/1.1\nHost: app.example\n\n"] {
            let seen =
                wall.send(&[&upgrade("/chat")[..], after, b"GET /x HTTP/1.1\r\nConnection: close\r\n\r\n"].concat());
            let statuses: Vec<_> = seen.answers.iter().map(|answer| answer.status).collect();
            assert!(
                matches!(statuses[..], [200 | 204 | 403 | 426] | [200 | 204 | 403 | 426, 400 | 403, ..]),
                "{reply} {statuses:?}"
            );
            assert!(seen.rest.is_empty(), "{}", seen.rest.escape_ascii());
            wall.next_visitor(reply);
        }
        wall.never_saw("/smuggled");
    }
}

#[test]
fn only_a_whole_request_for_an_upgrade_is_passed_on_as_one() {
    let wall = Wall::new();
    for lines in [
        "Upgrade: websocket",
        "Connection: keep-alive\r\nUpgrade: websocket",
        "Connection: upgrade",
        "Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
        "Connection: Upgrade\r\nUpgrade: h2",
        "Connection: Upgrade\r\nUpgrade: H2C",
        "Connection: Upgrade\r\nUpgrade: h2c, h2",
        "HTTP2-Settings: AAMAAABkAAQAAP__",
        "Connection: xupgrade\r\nUpgrade: websocket",
        "Connection: Upgrade\r\nUpgrade:",
        "Connection: Upgrade\r\nUpgrade: ,",
    ] {
        let request = wall.passes(format!("GET /case HTTP/1.1\r\nHost: app.example\r\n{lines}\r\n\r\n").as_bytes());
        for name in ["upgrade", "connection", "http2-settings"] {
            assert_eq!(request.all(name), [""; 0], "{lines}");
        }
    }
    let request = wall
        .passes(b"GET /case HTTP/1.1\r\nHost: app.example\r\nConnection: Upgrade\r\nUpgrade: h2c, websocket\r\n\r\n");
    assert_eq!(request.all("upgrade"), ["websocket"]);
    let old = format!("GET /case HTTP/1.0\r\nHost: app.example\r\n{UPGRADE}\r\n");
    assert_eq!(wall.passes(old.as_bytes()).all("upgrade"), [""; 0]);
}

#[test]
fn connect_opens_nothing() {
    let wall = Wall::new();
    for target in [
        "app.example:443",
        "app.example:80",
        "127.0.0.1:22",
        "[::1]:22",
        "/",
        "*",
        "http://app.example/",
        "app.example",
        ":80",
    ] {
        for lines in [
            "Host: app.example",
            "Host: app.example:443",
            "Host: app.example\r\nContent-Length: 45",
            "Host: app.example\r\nConnection: upgrade\r\nUpgrade: websocket",
        ] {
            wall.refuses(&[format!("CONNECT {target} HTTP/1.1\r\n{lines}\r\n\r\n").as_bytes(), SMUGGLED].concat());
        }
    }
    for method in ["TRACE", "TRACK"] {
        let mut client = wall.plain();
        let answer = client.ask(format!("{method} /case HTTP/1.1\r\nHost: app.example\r\n\r\n").as_bytes());
        assert!(matches!(answer.status, 405 | 501), "{answer:?}");
    }
    assert_eq!(wall.whole_requests(), [""; 0]);
}
