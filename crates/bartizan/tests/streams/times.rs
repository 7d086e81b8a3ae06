//! Time limits: who is slow is let go, and nobody else.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use bartizan_testkit::h2::{Frame, Outcome, flag, kind};
use bartizan_testkit::{RecordingUpstream, Release, Reply, WireClient};

use crate::app::{self, Steps};
use crate::wall::{GET, Plan, Wall, h2_head, request};

/// Every limit as small as it makes sense.
const SMALL: Plan<'static> = Plan {
    server: "",
    limits: "header_timeout = \"1s\"\nbody_timeout = \"1s\"\nwrite_timeout = \"1s\"\nkeep_alive = \"1s\"\n\
             handshake_timeout = \"1s\"",
    site: "",
    tables: "",
};

const WEBSOCKET: &str = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
                         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

const GRANT: &str = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";

const MOMENT: Duration = Duration::from_millis(100);

/// Several times every limit.
const LONG: Duration = Duration::from_secs(4);

const BODY: usize = 32 << 20;

/// Sends a byte every moment until the other side says something or leaves.
fn drip(client: &mut WireClient) {
    for _ in 0..100 {
        if client.try_send(b"x").is_err() || !client.is_silent_for(MOMENT) {
            return;
        }
    }
    panic!("a hundred slow bytes were taken");
}

#[test]
fn a_head_that_never_ends_is_refused_or_dropped() {
    let app = RecordingUpstream::answering("hello");
    let wall = Wall::before(app.address(), SMALL);
    for connect in [Wall::plain, Wall::tls] {
        let mut client = connect(&wall);
        client.send(b"GET / HTTP/1.1\r\nHost: app.example\r\nX-Slow: ");
        assert_eq!(client.read_response().status, 408);
        assert!(client.is_closed());
    }
    let mut client = wall.plain();
    client.send(b"GET / HTTP/1.1\r\nX-Slow: ");
    drip(&mut client);
    assert!(app.requests().is_empty());
    // A later head has no more time than the first.
    let mut client = wall.tls();
    assert_eq!(client.ask(GET).status, 200);
    client.send(b"GET / HTTP/1.1\r\n");
    assert_eq!(client.read_response().status, 408);
}

#[test]
fn a_body_that_never_ends_is_refused() {
    let app = RecordingUpstream::answering("hello");
    let wall = Wall::before(app.address(), SMALL);
    for lines in ["Content-Length: 1000\r\n\r\nstart", "Transfer-Encoding: chunked\r\n\r\n5\r\nstart\r\n"] {
        let mut client = wall.tls();
        let head = request("POST", lines);
        client.send(head.strip_suffix(b"\r\n").unwrap());
        assert_eq!(client.read_response().status, 408, "{lines}");
        assert!(client.is_closed());
    }
    let mut client = wall.plain();
    client.send(&request("POST", "Content-Length: 100000\r\n"));
    drip(&mut client);
    let mut client = wall.h2();
    client.send(&Frame::headers(1, flag::NONE, &h2_head("POST")));
    client.send(&Frame::data(1, flag::NONE, "start"));
    let outcome = client.outcome(1);
    assert_eq!(outcome.status(), Some(408), "{outcome:?}");
    assert!(app.requests().iter().all(|request| !request.is_complete));
}

#[test]
fn who_does_not_speak_or_ask_is_let_go() {
    let app = RecordingUpstream::answering("hello");
    let wall = Wall::before(app.address(), SMALL);
    let mut handshake = WireClient::plain(wall.program.address(0));
    handshake.send(b"\x16\x03\x01");
    let mut first = [wall.plain(), wall.tls()];
    let mut later = [wall.plain(), wall.tls()];
    for client in &mut later {
        assert_eq!(client.ask(GET).text(), "hello");
    }
    let mut h2 = wall.h2();
    h2.get(1, "app.example", "/", &[]);
    assert_eq!(h2.outcome(1).status(), Some(200));
    assert!(handshake.is_closed());
    for client in first.iter_mut().chain(&mut later) {
        // A connection that had no request yet may be told why (RFC 9110, 15.5.9).
        client.read_rest();
    }
    assert!(matches!(h2.outcome(3), Outcome::Closed | Outcome::GoAway(_)));
}

/// Writes until it no longer can, and says so.
fn endless(steps: &std::sync::Arc<Steps>) -> std::net::SocketAddr {
    let steps = steps.clone();
    app::serve(move |mut stream: TcpStream| {
        let Some(head) = app::read_head(&stream) else { return };
        let is_upgrade = head.to_lowercase().contains("upgrade: websocket");
        let answer = if is_upgrade { GRANT } else { "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" };
        stream.write_all(answer.as_bytes()).unwrap();
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
        steps.say("cut");
    })
}

#[test]
fn a_client_that_stops_reading_is_ended() {
    let steps = Steps::new();
    let wall = Wall::before(endless(&steps), SMALL);
    for connect in [Wall::plain, Wall::tls] {
        let mut client = connect(&wall);
        client.send(GET);
        steps.expect("cut");
        let mut client = connect(&wall);
        client.send(&request("GET", WEBSOCKET));
        steps.expect("cut");
    }
    // Windows of zero from the start, and the first window used up.
    for settings in [&[(4, 0)][..], &[]] {
        let mut client = wall.h2_with(settings);
        client.get(1, "app.example", "/", &[]);
        steps.expect("cut");
        while client.read().is_ok() {}
    }
}

#[test]
fn a_client_that_does_not_take_a_small_answer_is_ended() {
    let app = RecordingUpstream::answering("hello");
    let wall = Wall::before(app.address(), SMALL);
    let mut client = wall.h2_with(&[(4, 0)]);
    for stream in [1, 3, 5] {
        client.get(stream, "app.example", "/", &[]);
    }
    while let Ok(frame) = client.read() {
        assert_ne!(frame.kind, kind::DATA, "nothing fits into a window of zero");
    }
}

#[test]
fn one_stream_that_is_paused_does_not_end_the_others() {
    let release = Release::default();
    let held = release.clone();
    let app = RecordingUpstream::start(move |request| match request.request_line().as_str() {
        "GET /large HTTP/1.1" => Reply::ok(&"x".repeat(1 << 20)),
        _ => Reply::raw("").hang(&held, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate"),
    });
    let wall = Wall::before(app.address(), SMALL);
    let mut client = wall.h2();
    // Room on the connection, so that the first stream waits for its own window alone.
    client.send(&Frame::window(0, 1 << 20));
    client.get(1, "app.example", "/large", &[]);
    client.get(3, "app.example", "/", &[]);
    app.wait_for(2);
    std::thread::park_timeout(LONG);
    release.release();
    assert_eq!(client.outcome(3).status(), Some(200));
}

#[test]
fn a_slow_app_is_never_the_clients_fault() {
    let release = Release::default();
    let held = release.clone();
    let app = RecordingUpstream::start(move |_| {
        Reply::raw("").hang(&held, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlate")
    });
    let wall = Wall::before(app.address(), SMALL);
    let mut poll = wall.tls();
    poll.send(GET);
    let mut post = wall.tls();
    post.send(&request("POST", "Content-Length: 2\r\n"));
    post.send(b"hi");
    let mut chunked = wall.plain();
    chunked.send(&request("POST", "Transfer-Encoding: chunked\r\n"));
    chunked.send(b"2\r\nhi\r\n0\r\n\r\n");
    let mut h2 = [wall.h2(), wall.h2()];
    h2[0].get(1, "app.example", "/", &[]);
    h2[1].send(&Frame::headers(1, flag::NONE, &h2_head("POST")));
    h2[1].send(&Frame::data(1, flag::END_STREAM, "hi"));
    assert!(poll.is_silent_for(LONG));
    release.release();
    for client in [&mut poll, &mut post, &mut chunked] {
        assert_eq!(client.read_response().text(), "late");
    }
    for client in &mut h2 {
        assert_eq!(client.outcome(1).status(), Some(200));
    }
}

#[test]
fn an_app_that_takes_a_body_late_is_not_the_clients_fault() {
    let app = app::serve(move |mut stream: TcpStream| {
        if app::read_head(&stream).is_none() {
            return;
        }
        stream.set_read_timeout(Some(LONG)).unwrap();
        // Larger than what the sockets hold, and left unread for longer than any limit.
        std::thread::park_timeout(LONG);
        let mut left = BODY;
        let mut room = vec![0; 64 * 1024];
        while left > 0 {
            left -= stream.read(&mut room).unwrap();
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nlate").unwrap();
    });
    let wall = Wall::before(app, SMALL);
    for connect in [Wall::plain, Wall::tls] {
        let mut client = connect(&wall);
        client.send(&request("POST", &format!("Content-Length: {BODY}\r\n")));
        client.send(&vec![b'x'; BODY]);
        assert_eq!(client.read_response().text(), "late");
    }
}

#[test]
fn an_upgraded_connection_may_be_silent() {
    let app = RecordingUpstream::start(|_| Reply::raw(GRANT).echo());
    let wall = Wall::before(app.address(), SMALL);
    let mut clients = [wall.plain(), wall.tls()];
    for client in &mut clients {
        assert_eq!(client.ask(&request("GET", WEBSOCKET)).status, 101);
    }
    assert!(clients[0].is_silent_for(LONG));
    for client in &mut clients {
        client.send(b"ping");
        let mut back = [0; 4];
        client.read_exact(&mut back).unwrap();
        assert_eq!(&back, b"ping");
    }
}

#[test]
fn a_stream_that_flows_slowly_is_not_cut_while_the_client_reads() {
    let app = app::serve(move |mut stream: TcpStream| {
        if app::read_head(&stream).is_none() {
            return;
        }
        stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").unwrap();
        for _ in 0..4 {
            // The app's pace: nothing comes from the wall, so this takes its second.
            assert!(stream.read(&mut [0]).is_err());
            stream.write_all(b".").unwrap();
        }
    });
    let wall = Wall::before(app, SMALL);
    let mut h2 = wall.h2();
    h2.get(1, "app.example", "/", &[]);
    assert_eq!(wall.tls().ask(GET).text(), "....");
    let Outcome::Response(answer) = h2.outcome(1) else { panic!("no response") };
    assert_eq!(answer.body, b"....");
}

#[test]
fn an_upload_at_a_decent_rate_is_never_cut() {
    let app = RecordingUpstream::start(|request| Reply::ok(&request.body.len().to_string()));
    let wall = Wall::before(app.address(), SMALL);
    let mut client = wall.tls();
    client.send(&request("POST", "Content-Length: 4000\r\n"));
    for _ in 0..39 {
        client.send(&[b'x'; 100]);
        assert!(client.is_silent_for(MOMENT), "cut");
    }
    client.send(&[b'x'; 100]);
    assert_eq!(client.read_response().text(), "4000");
}
