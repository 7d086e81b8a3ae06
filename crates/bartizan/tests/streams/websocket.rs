//! WebSocket and other upgrades.

use std::io::{Read, Write};
use std::net::TcpStream;

use bartizan_testkit::{RecordingUpstream, Reply, WireClient};

use crate::app::{self, Steps};
use crate::wall::{GET, Plan, Wall, request};

const ASK: &str = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
                   Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

const GRANT: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                     Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

/// A masked text frame, as clients send it (RFC 6455, 5.7), and a close frame.
const FRAME: &[u8] = b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58";
const CLOSE: &[u8] = b"\x88\x02\x03\xe8";

/// The app's first message stands in the same packet as its 101.
fn echo_app() -> RecordingUpstream {
    RecordingUpstream::start(|request| {
        if request.header("upgrade").is_some() {
            Reply::raw(format!("{GRANT}hello")).echo()
        } else {
            Reply::ok("plain")
        }
    })
}

fn open(client: &mut WireClient) {
    let answer = client.ask(&request("GET", ASK));
    assert_eq!(answer.status, 101, "{answer:?}");
    assert_eq!(answer.header("sec-websocket-accept"), Some("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    assert_eq!(answer.header("upgrade"), Some("websocket"));
    expect(client, b"hello");
}

fn expect(client: &mut WireClient, bytes: &[u8]) {
    let mut seen = vec![0; bytes.len()];
    client.read_exact(&mut seen).unwrap();
    assert_eq!(seen, bytes);
}

#[test]
fn frames_pass_in_both_directions_over_a_reload_until_the_drain_ends() {
    let app = echo_app();
    let plan = Plan { server: "drain = \"1s\"", ..Plan::default() };
    let mut wall = Wall::before(app.address(), plan);
    let mut client = wall.tls();
    open(&mut client);
    for _ in 0..3 {
        client.send(FRAME);
        expect(&mut client, FRAME);
    }
    let long: Vec<u8> = (0..300_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    client.send(&long);
    expect(&mut client, &long);

    wall.reload(Plan { limits: "headers = 90", ..plan });
    client.send(FRAME);
    expect(&mut client, FRAME);

    wall.program.signal("TERM");
    wall.program.wait_for_output("draining");
    client.send(FRAME);
    expect(&mut client, FRAME);
    assert!(client.is_closed(), "nothing outlives the drain");
    assert!(wall.program.wait_for_exit().success());
}

#[test]
fn bytes_behind_the_request_reach_the_app_after_its_101() {
    let app = echo_app();
    let wall = Wall::before(app.address(), Plan::default());
    let mut client = wall.tls();
    client.send(&[&request("GET", ASK), FRAME].concat());
    assert_eq!(client.read_response().status, 101);
    expect(&mut client, b"hello");
    expect(&mut client, FRAME);
}

#[test]
fn either_side_may_close() {
    let steps = Steps::new();
    let said = steps.clone();
    let app = app::serve(move |mut stream: TcpStream| {
        let Some(head) = app::read_head(&stream) else { return };
        stream.write_all(GRANT.as_bytes()).unwrap();
        if head.starts_with("GET /leave") {
            stream.write_all(CLOSE).unwrap();
            return;
        }
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, CLOSE);
        said.say("the client left");
    });
    let wall = Wall::before(app, Plan::default());

    let mut client = wall.tls();
    assert_eq!(client.ask(&request("GET", ASK)).status, 101);
    client.send(CLOSE);
    drop(client);
    steps.expect("the client left");

    let mut client = wall.tls();
    let ask = String::from_utf8(request("GET", ASK)).unwrap().replace("GET /", "GET /leave");
    assert_eq!(client.ask(ask.as_bytes()).status, 101);
    expect(&mut client, CLOSE);
    assert!(client.is_closed());
}

#[test]
fn an_upgrade_that_is_not_granted_leaves_the_connection_usable() {
    let app = RecordingUpstream::start(|request| Reply::ok(&request.request_line()));
    let wall = Wall::before(app.address(), Plan::default());
    let mut client = wall.tls();
    for _ in 0..2 {
        assert_eq!(client.ask(&request("GET", ASK)).status, 200);
        assert_eq!(client.ask(GET).text(), "GET / HTTP/1.1");
    }
    // What was sent along is the next request, not the app's business before it has answered.
    client.send(&[&request("GET", ASK), GET].concat());
    assert_eq!((client.read_response().status, client.read_response().status), (200, 200));
    assert_eq!(app.wait_for(6).len(), 6);
}

#[test]
fn h2c_is_never_offered_to_the_app() {
    let app = echo_app();
    let wall = Wall::before(app.address(), Plan::default());
    let lines = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n";
    for mut client in [wall.plain(), wall.tls()] {
        let answer = client.ask(&request("GET", lines));
        assert_ne!(answer.status, 101);
    }
    for request in app.requests() {
        assert_eq!((request.header("upgrade"), request.header("http2-settings")), (None, None), "{}", request.text());
    }
}
