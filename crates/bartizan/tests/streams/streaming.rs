//! Answers and uploads that flow while they are made; and answers without a body.

use std::io::{Read, Write};
use std::net::TcpStream;

use bartizan_testkit::h2::{Frame, Outcome, flag, kind};
use bartizan_testkit::{RecordingUpstream, Reply, WireClient};

use crate::app::{self, Steps};
use crate::wall::{GET, Plan, Wall, h2_head, request};

const EVENTS: [&str; 3] = ["data: one\n\n", "data: two\n\n", "data: three\n\n"];

fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

/// Sends each event only once the client has told that it has the one before.
fn event_app(framing: &'static str, steps: &std::sync::Arc<Steps>) -> std::net::SocketAddr {
    let steps = steps.clone();
    app::serve(move |mut stream: TcpStream| {
        if app::read_head(&stream).is_none() {
            return;
        }
        let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{framing}\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let is_chunked = framing.starts_with("Transfer-Encoding");
        for event in EVENTS {
            steps.expect("next");
            let text = if is_chunked { chunk(event) } else { event.to_owned() };
            stream.write_all(text.as_bytes()).unwrap();
        }
        if is_chunked {
            stream.write_all(b"0\r\n\r\n").unwrap();
        }
    })
}

fn read_until(client: &mut WireClient, text: &str) {
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains(text) {
        let mut byte = [0];
        client.read_exact(&mut byte).unwrap();
        seen.push(byte[0]);
    }
}

#[test]
fn each_event_arrives_before_the_next_is_sent() {
    for framing in ["Transfer-Encoding: chunked\r\n", "Connection: close\r\n"] {
        let steps = Steps::new();
        let wall = Wall::before(event_app(framing, &steps), Plan::default());
        let mut client = wall.tls();
        client.send(GET);
        read_until(&mut client, "\r\n\r\n");
        for event in EVENTS {
            steps.say("next");
            read_until(&mut client, event);
        }

        let mut client = wall.h2();
        client.get(1, "app.example", "/", &[]);
        let mut frames = std::iter::from_fn(|| client.read().ok()).filter(|frame| frame.stream == 1);
        assert_eq!(frames.next().unwrap().kind, kind::HEADERS);
        for event in EVENTS {
            steps.say("next");
            let frame = frames.find(|frame| frame.kind == kind::DATA && !frame.payload.is_empty()).unwrap();
            assert_eq!(String::from_utf8(frame.payload).unwrap(), event);
        }
    }
}

#[test]
fn trailers_are_passed() {
    let body =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 7\r\n\r\n";
    let app = RecordingUpstream::start(move |_| Reply::raw(body));
    let wall = Wall::before(app.address(), Plan::default());
    let answer = wall.tls().ask(&request("GET", "TE: trailers\r\nConnection: TE\r\n"));
    assert_eq!((answer.text().as_str(), answer.is_complete), ("hi", true));
    let expected = [("x-sum".to_owned(), "7".to_owned())];
    let lower: Vec<_> = answer.trailers.iter().map(|(name, value)| (name.to_lowercase(), value.clone())).collect();
    assert_eq!(lower, expected);
    let mut client = wall.h2();
    client.get(1, "app.example", "/", &[(b"te", b"trailers")]);
    let Outcome::Response(answer) = client.outcome(1) else { panic!("no response") };
    assert_eq!((answer.body.as_slice(), answer.trailers.as_slice()), (&b"hi"[..], &expected[..]));
}

#[test]
fn answers_without_a_body_leave_the_connection_in_step() {
    for (method, answer, status, header) in [
        ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", 200, ("content-length", "900")),
        ("GET", "HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n", 204, ("x-a", "b")),
        ("GET", "HTTP/1.1 304 Not Modified\r\nETag: \"v\"\r\n\r\n", 304, ("etag", "\"v\"")),
        (
            "GET",
            "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 1-2/9\r\nContent-Length: 2\r\n\r\nhi",
            206,
            ("content-range", "bytes 1-2/9"),
        ),
    ] {
        let app = RecordingUpstream::start(move |_| Reply::raw(answer));
        let wall = Wall::before(app.address(), Plan::default());
        let mut client = wall.tls();
        for _ in 0..2 {
            client.send(&request(method, "Range: bytes=1-2\r\n"));
            let seen = if method == "HEAD" { client.read_head_response() } else { client.read_response() };
            assert_eq!((seen.status, seen.header(header.0)), (status, Some(header.1)), "{answer}");
            assert_eq!(seen.text(), if status == 206 { "hi" } else { "" });
        }
        let mut client = wall.h2();
        client.send(&Frame::headers(1, flag::END_STREAM, &h2_head(method)));
        let Outcome::Response(seen) = client.outcome(1) else { panic!("no response: {answer}") };
        assert_eq!((seen.status, seen.header(header.0)), (status, Some(header.1)), "{answer}");
        assert_eq!(app.requests()[0].header("range").as_deref(), Some("bytes=1-2"));
    }
}

#[test]
fn a_client_that_waits_for_100_gets_it_or_a_refusal_in_its_place() {
    let app = RecordingUpstream::start(|request| Reply::ok(&String::from_utf8_lossy(&request.body)));
    let wall = Wall::before(app.address(), Plan { site: "body = 10", ..Plan::default() });
    for mut client in [wall.plain(), wall.tls()] {
        let answer = client.ask(&request("POST", "Content-Length: 5\r\nExpect: 100-continue\r\n"));
        assert_eq!(answer.status, 100);
        assert_eq!(client.ask(b"hello").text(), "hello");
        let answer = client.ask(&request("POST", "Content-Length: 11\r\nExpect: 100-continue\r\n"));
        assert_eq!(answer.status, 413);
    }
    assert_eq!(app.requests().len(), 2);
}

#[test]
fn the_app_sees_the_first_part_before_the_last_is_sent() {
    let steps = Steps::new();
    let said = steps.clone();
    let app = app::serve(move |mut stream: TcpStream| {
        if app::read_head(&stream).is_none() {
            return;
        }
        let mut seen = Vec::new();
        for part in ["first", "last"] {
            while !String::from_utf8_lossy(&seen).contains(part) {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                seen.push(byte[0]);
            }
            said.say(part);
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        // Closed with bytes unread, the connection would be reset and the answer lost with it.
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    });
    let wall = Wall::before(app, Plan::default());
    for (lines, first, last) in [
        ("Content-Length: 9\r\n", "first", "last"),
        ("Transfer-Encoding: chunked\r\n", "5\r\nfirst\r\n", "4\r\nlast\r\n0\r\n\r\n"),
    ] {
        let mut client = wall.tls();
        client.send(&request("POST", lines));
        client.send(first.as_bytes());
        steps.expect("first");
        client.send(last.as_bytes());
        steps.expect("last");
        assert_eq!(client.read_response().status, 200);
    }
    let mut client = wall.h2();
    client.send(&Frame::headers(1, flag::NONE, &h2_head("POST")));
    client.send(&Frame::data(1, flag::NONE, "first"));
    steps.expect("first");
    client.send(&Frame::data(1, flag::END_STREAM, "last"));
    steps.expect("last");
    assert_eq!(client.outcome(1).status(), Some(200));
}

#[test]
fn requests_sent_at_once_are_answered_in_their_order() {
    let wall = Wall::before(app::serve(app::paths), Plan::default());
    for mut client in [wall.plain(), wall.tls()] {
        let asks: String = (0..20).map(|n| format!("GET /{n} HTTP/1.1\r\nHost: app.example\r\n\r\n")).collect();
        client.send(asks.as_bytes());
        for number in 0..20 {
            assert_eq!(client.read_response().text(), format!("/{number}"));
        }
    }
}

#[test]
fn an_old_client_gets_a_body_that_ends_with_the_connection() {
    let body = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
    let app = RecordingUpstream::start(move |_| Reply::raw(body));
    let wall = Wall::before(app.address(), Plan::default());
    let answer = wall.tls().ask(b"GET / HTTP/1.0\r\nHost: app.example\r\n\r\n");
    assert_eq!((answer.text().as_str(), answer.header("transfer-encoding")), ("hi", None));
}

#[test]
fn a_client_that_leaves_is_noticed_at_the_app() {
    let steps = Steps::new();
    let said = steps.clone();
    let app = app::serve(move |mut stream: TcpStream| {
        if app::read_head(&stream).is_none() {
            return;
        }
        said.say("asked");
        let mut rest = Vec::new();
        // An end or a reset: either way it is known before the last byte.
        let _ = stream.read_to_end(&mut rest);
        assert!(rest.len() < 9);
        said.say("left");
    });
    let wall = Wall::before(app, Plan::default());
    for head in ["Content-Length: 9\r\n", ""] {
        let method = if head.is_empty() { "GET" } else { "POST" };
        let mut client = wall.tls();
        client.send(&request(method, head));
        client.send(if head.is_empty() { b"" } else { b"first" });
        steps.expect("asked");
        drop(client);
        steps.expect("left");
        let mut client = wall.h2();
        let flags = if head.is_empty() { flag::END_STREAM } else { flag::NONE };
        client.send(&Frame::headers(1, flags, &h2_head(method)));
        steps.expect("asked");
        client.send(&Frame::reset(1, 8));
        steps.expect("left");
    }
}
