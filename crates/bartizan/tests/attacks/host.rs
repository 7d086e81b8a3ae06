//! PEERS 20, 21: one host, said once, known, and the one of the connection.

use bartizan_testkit::RecordingUpstream;
use bartizan_testkit::h2::H2Client;

use crate::harness::{SMUGGLED, Wall};

#[test]
fn a_host_is_said_once_and_well() {
    let wall = Wall::new();
    let heads: &[&[u8]] = &[
        b"",
        b"Host:\r\n",
        b"Host: \r\n",
        b"Host: \t\r\n",
        b"Host: app.example\r\nHost: app.example\r\n",
        b"Host: app.example\r\nHost: evil.example\r\n",
        b"Host: evil.example\r\nHost: app.example\r\n",
        b"Host: app.example\r\nHost:\r\n",
        b"Host:\r\nHost: app.example\r\n",
        b"Host: app.example\r\nhost: app.example\r\n",
        b"Host: app.example\r\nX: y\r\nHOST: app.example\r\n",
        b"Host: app.example, app.example\r\n",
        b"Host: app.example,evil.example\r\n",
        b"Host: app.example evil.example\r\n",
        b"Host: app.example;evil.example\r\n",
        b"Host: user@app.example\r\n",
        b"Host: evil.example@app.example\r\n",
        b"Host: app.example@evil.example\r\n",
        b"Host: app.example:80@evil.example\r\n",
        b"Host: :pw@app.example\r\n",
        b"Host: app.example/\r\n",
        b"Host: app.example/evil\r\n",
        b"Host: /app.example\r\n",
        b"Host: //app.example\r\n",
        b"Host: http://app.example\r\n",
        b"Host: app.example?x\r\n",
        b"Host: app.example#x\r\n",
        b"Host: app.example\\x\r\n",
        b"Host: app.example:\r\n",
        b"Host: app.example:x\r\n",
        b"Host: app.example:-1\r\n",
        b"Host: app.example:+80\r\n",
        b"Host: app.example:0x50\r\n",
        b"Host: app.example:65536\r\n",
        b"Host: app.example:99999999999999999999\r\n",
        b"Host: app.example:80:80\r\n",
        b"Host: app.example:80 \x0b\r\n",
        b"Host: app.example :80\r\n",
        b"Host: app.example: 80\r\n",
        b"Host: app.example:80a\r\n",
        b"Host: app.example:8_0\r\n",
        b"Host: :80\r\n",
        b"Host: :\r\n",
        b"Host: .\r\n",
        b"Host: ..\r\n",
        b"Host: app..example\r\n",
        b"Host: .app.example\r\n",
        b"Host: app.example..\r\n",
        b"Host: *\r\n",
        b"Host: *.example\r\n",
        b"Host: app%2eexample\r\n",
        b"Host: app.example%00\r\n",
        b"Host: app.example%0d%0aX:y\r\n",
        b"Host: app.example\0\r\n",
        b"Host: app.example\0.evil.example\r\n",
        b"Host: \0app.example\r\n",
        b"Host: app.example\x7f\r\n",
        b"Host: app.example\x80\r\n",
        b"Host: app.example\xa0\r\n",
        b"Host: \xa0app.example\r\n",
        b"Host: app.example\x85\r\n",
        b"Host: app\xe3\x80\x82example\r\n",
        b"Host: app.ex\xc3\xa4mple\r\n",
        b"Host: \"app.example\"\r\n",
        b"Host: 'app.example'\r\n",
        b"Host: (app.example)\r\n",
        b"Host: <app.example>\r\n",
        b"Host: [app.example]\r\n",
        b"Host: [::1\r\n",
        b"Host: ::1\r\n",
        b"Host: [::1]x\r\n",
        b"Host: [::1]:\r\n",
        b"Host: [::1%25eth0]\r\n",
        b"Host: [fe80::1%eth0]\r\n",
        b"Host: [::ffff:127.0.0.1\r\n",
        b"Host: []\r\n",
        b"Host: [v1.x]\r\n",
        b"Host: [:::]\r\n",
        b"Host: [1::2::3]\r\n",
        b"Host: app.example]\r\n",
        b"Host: app.example[::1]\r\n",
        b"Host: app.example\r\n evil.example\r\n",
        b"Host:\r\n app.example\r\n",
        b"Host : app.example\r\n",
        b" Host: app.example\r\n",
        b"H\0st: app.example\r\n",
        b"Host: app.example\rX: y\r\n",
        b"Host: app.example\nX: y\r\n",
        b"Host: app.example\tevil.example\r\n",
        b"Host: ${jndi:ldap://x}\r\n",
        b"Host: app.example'\r\n",
        b"Host: app.example|x\r\n",
        b"Host: app.example`x`\r\n",
        b"X-Host: app.example\r\n",
        b"Host: app=example\r\n",
        b"Host: app!example\r\n",
        b"Host: app$example\r\n",
        b"Host: app&example\r\n",
    ];
    for head in heads {
        for version in ["1.1", "1.0"] {
            let line = format!("GET /case HTTP/{version}\r\n");
            let answer = wall.refuses(&[line.as_bytes(), head, b"\r\n", SMUGGLED].concat());
            assert_eq!(answer.status, 400, "{}", head.escape_ascii());
        }
    }
    for (host, arrives) in [
        ("app.example", "app.example"),
        ("APP.Example", "app.example"),
        ("app.example.", "app.example"),
        ("app.example:80", "app.example:80"),
    ] {
        let request = wall.passes(format!("GET /case HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes());
        assert_eq!(request.all("host"), [arrives], "{host}");
        assert_eq!(request.all("x-forwarded-host"), [arrives], "{host}");
    }
    wall.never_saw("/smuggled");
}

#[test]
fn an_unknown_host_reaches_no_app() {
    let wall = Wall::new();
    let hosts = [
        "evil.example",
        "app.example.evil.example",
        "evilapp.example",
        "xapp.example",
        "x.app.example",
        "app.exampl",
        "app.examples",
        "app",
        "example",
        "app-example",
        "app_example",
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "metadata.google.internal",
        "app.example:81",
        "app.example:8080",
        "app.example:0",
        "app.example:65535",
        "refused.invalid",
        "xn--pp-xka.example",
    ];
    for host in hosts {
        let head = format!("GET /case HTTP/1.1\r\nHost: {host}\r\n\r\n");
        assert!(matches!(wall.refuses(head.as_bytes()).status, 400 | 421), "{host}");
        for lines in [
            format!("Host: app.example\r\nX-Forwarded-Host: {host}"),
            format!("Host: app.example\r\nForwarded: host={host}"),
            format!("Host: app.example\r\nX-Host: {host}\r\nX-Original-Host: {host}"),
        ] {
            let request = wall.passes(format!("GET /case HTTP/1.1\r\n{lines}\r\n\r\n").as_bytes());
            assert_eq!(request.all("x-forwarded-host"), ["app.example"], "{host}");
            assert_eq!(request.all("forwarded"), ["for=127.0.0.1;host=\"app.example\";proto=http"], "{host}");
            assert_eq!(request.all("x-host").len() + request.all("x-original-host").len(), 0, "{host}");
        }
    }
    assert!(wall.app.requests().iter().all(|request| request.header("host").as_deref() == Some("app.example")));
}

/// Two sites, of which the second is a wildcard, before one app each.
fn two_sites() -> (Wall, RecordingUpstream) {
    let other = RecordingUpstream::answering("other");
    let url = other.url();
    let wall = Wall::of_sites("", |app| {
        format!(
            "[[site]]\nhosts = [\"app.example\"]\nupstream = [\"{app}\"]\n\n[[site]]\nhosts = [\"*.wild.example\"]\n\
             upstream = [\"{url}\"]\ntls = {{ versions = [\"1.3\"] }}\n"
        )
    });
    (wall, other)
}

#[test]
fn the_tls_name_and_the_host_belong_together() {
    let (wall, other) = two_sites();
    for (name, host, statuses) in [
        ("app.example", "app.example", &[200][..]),
        ("app.example", "evil.example", &[400, 421]),
        ("app.example", "a.wild.example", &[421]),
        ("app.example", "wild.example", &[400, 421]),
        ("a.wild.example", "a.wild.example", &[200]),
        ("a.wild.example", "b.wild.example", &[200, 421]),
        ("a.wild.example", "app.example", &[421]),
        ("a.wild.example", "evil.example", &[400, 421]),
        ("a.wild.example", "a.b.wild.example.evil.example", &[400, 421]),
    ] {
        let mut client = wall.tls(name, "http/1.1");
        let answer = client.ask(format!("GET /case HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes());
        assert!(statuses.contains(&answer.status), "{name} {host} {}", answer.status);
        let mut client = H2Client::new(wall.tls(name, "h2"));
        client.get(1, host, "/case", &[]);
        let status = client.outcome(1).status();
        assert!(status.is_some_and(|status| statuses.contains(&status)), "h2 {name} {host} {status:?}");
    }
    let hosts = |app: &RecordingUpstream| {
        app.requests().iter().filter_map(|request| request.header("host")).collect::<Vec<_>>()
    };
    assert!(hosts(&wall.app).iter().all(|host| host == "app.example"));
    assert!(hosts(&other).iter().all(|host| host.ends_with(".wild.example")));
    assert!(!hosts(&wall.app).is_empty() && !hosts(&other).is_empty());
}
