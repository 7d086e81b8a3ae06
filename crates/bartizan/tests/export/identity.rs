//! What the app behind each program is told, and what becomes of its own headers.

use std::io::Read as _;

use bartizan_testkit::{RecordingUpstream, Reply};

use crate::front::{Front, HOST, KINDS};

#[test]
fn the_app_is_told_by_the_proxy_alone() {
    let app = RecordingUpstream::answering("hello");
    for (number, kind) in KINDS.into_iter().enumerate() {
        let Some(front) = Front::start(kind, "balanced", &app.url()) else { continue };
        let name = kind.name;
        let before = app.requests().len();
        let lies = "X-Forwarded-For: 192.0.2.9\r\nX-Forwarded-Host: evil.test\r\nX-Forwarded-Proto: http\r\nX-Real-IP: 192.0.2.9\r\n\
                    Forwarded: for=192.0.2.9\r\nX-Original-URL: /admin\r\nProxy: http://evil.test\r\nTrue-Client-IP: 192.0.2.9\r\n\
                    X-Forwarded-Prefix: /x\r\nX-Request-ID: mine\r\n";
        let request = format!("GET /a%2Fb/c?d=%2e HTTP/1.1\r\nHost: {HOST}\r\n{lies}\r\n");
        let answer = front.client().ask(request.as_bytes());
        assert_eq!(answer.status, 200, "{number} {name}: {}{}", answer.text(), front.program.output());
        let seen = &app.wait_for(before + 1)[before];
        assert_eq!(seen.request_line(), "GET /a%2Fb/c?d=%2e HTTP/1.1", "{name}");
        assert_eq!(seen.all("host"), [HOST], "{name}");
        for (header, value) in [
            ("x-forwarded-for", "127.0.0.1"),
            ("x-real-ip", "127.0.0.1"),
            ("x-forwarded-host", HOST),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-port", "443"),
        ] {
            assert_eq!(seen.all(header), [value], "{name}: {header}");
        }
        for header in ["x-original-url", "proxy", "true-client-ip", "x-forwarded-prefix"] {
            assert_eq!(seen.header(header), None, "{name}: {header}");
        }
        assert!(seen.all("x-request-id").iter().all(|id| id != "mine"), "{name}");
        let forwarded = seen.all("forwarded").join(",");
        assert!(!forwarded.contains("192.0.2.9"), "{name}: {forwarded}");
        if name != "caddy" {
            assert_eq!(forwarded, format!("for=127.0.0.1;host=\"{HOST}\";proto=https"), "{name}");
        }
    }
}

/// What becomes of the app's own headers: `(header, what it says, profile, what goes out)`. Caddy cannot look at what
/// the app says, and says so at the head of its file.
static OWN: &[(&str, &str, &str, &[&str])] = &[
    ("X-Frame-Options", "DENY", "balanced", &["DENY"]),
    ("X-Frame-Options", "ALLOWALL", "balanced", &["SAMEORIGIN"]),
    ("Referrer-Policy", "no-referrer", "balanced", &["no-referrer"]),
    ("Referrer-Policy", "unsafe-url", "strict", &["same-origin"]),
    ("Permissions-Policy", "camera=(self)", "balanced", &["camera=(self)"]),
    ("X-XSS-Protection", "1; mode=block", "balanced", &["0"]),
    ("Cross-Origin-Resource-Policy", "cross-origin", "strict", &["same-origin"]),
];

#[test]
fn the_stricter_header_goes_out() {
    for (header, said, profile, expected) in OWN {
        let lines = format!("Content-Type: text/plain\r\n{header}: {said}\r\n");
        let app = RecordingUpstream::start(move |_| Reply::with(&lines, "hello"));
        for kind in KINDS {
            let stands = expected == &[*said];
            if kind.name == "caddy" && stands && *header != "Permissions-Policy" {
                continue;
            }
            let Some(front) = Front::start(kind, profile, &app.url()) else { continue };
            let answer = front.client().ask(format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n").as_bytes());
            let sent: Vec<_> = answer.all(header).collect();
            assert_eq!(sent, *expected, "{}: {header}: {said}, {profile}", kind.name);
        }
    }
}

#[test]
fn the_apps_own_policy_is_enforced_as_well() {
    let lines = "Content-Type: text/html\r\nContent-Security-Policy: img-src 'none'\r\nCache-Control: max-age=60\r\n\
                 Access-Control-Allow-Origin: *\r\n";
    let app = RecordingUpstream::start(move |_| Reply::with(lines, "hello"));
    for kind in KINDS {
        let Some(front) = Front::start(kind, "strict", &app.url()) else { continue };
        let answer = front.client().ask(format!("GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n").as_bytes());
        let policies = answer.all("content-security-policy").collect::<Vec<_>>().join(", ");
        assert!(
            policies.contains("img-src 'none'") && policies.contains("script-src 'self'"),
            "{}: {policies}",
            kind.name
        );
        assert_eq!(answer.all("cache-control").collect::<Vec<_>>(), ["max-age=60"], "{}", kind.name);
        if kind.name != "caddy" {
            assert_eq!(answer.header("cross-origin-resource-policy"), None, "{}: invited by CORS", kind.name);
        }
    }
}

#[test]
fn web_sockets_pass() {
    let app = RecordingUpstream::start(|_| {
        let grant = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                     Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
        Reply::raw(grant).echo()
    });
    for kind in KINDS {
        let Some(front) = Front::start(kind, "strict", &app.url()) else { continue };
        let mut client = front.client();
        let request = format!(
            "GET /socket HTTP/1.1\r\nHost: {HOST}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: https://{HOST}\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        let answer = client.ask(request.as_bytes());
        assert_eq!(answer.status, 101, "{}: {}\n{}", kind.name, answer.text(), front.program.output());
        // A masked text frame (RFC 6455, 5.7).
        let frame = b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
        client.send(frame);
        let mut seen = [0; 11];
        client.read_exact(&mut seen).unwrap();
        assert_eq!(seen, *frame, "{}", kind.name);
    }
}
