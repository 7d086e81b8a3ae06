//! `[server.limits]`.

use std::io::Read;
use std::time::Duration;

use bartizan_testkit::h2::{Frame, encode, flag, kind};
use bartizan_testkit::{RecordingUpstream, TlsOptions, Trust, WireClient};

use super::asks::{Ask, HOST, http1, http2, rest, rest_over_http2, soon};
use super::case::Case;
use super::{Proof, Row, Seen, below};

pub(crate) fn proofs() -> Vec<Proof> {
    below("server.limits.", ROWS)
}

const ROWS: &[Row] = &[
    ("minimum_rate", &["\"1B/s\"", "\"1MiB/s\""], &[("body_timeout", "\"1s\"")], trickled_body),
    ("body_timeout", &["\"200ms\"", "\"1h\""], &[], unfinished_body),
    ("header_timeout", &["\"200ms\"", "\"1h\""], &[], unfinished_head),
    ("keep_alive", &["\"200ms\"", "\"1h\""], &[], resting_connection),
    ("handshake_timeout", &["\"200ms\"", "\"1h\""], &[], silence_before_tls),
    ("write_timeout", &["\"200ms\"", "\"none\""], &[], unread_answer),
    ("body", &["\"4B\"", "\"none\""], &[], upload),
    ("request_line", &["\"64B\"", "\"4KiB\""], &[], long_line),
    ("head", &["\"512B\"", "\"8KiB\""], &[], long_header),
    ("headers", &["8", "100"], &[], many_headers),
    ("connections", &["1", "\"none\""], &[], second_connection),
    ("connections_per_client", &["1", "\"none\""], &[], second_connection),
    ("requests_per_client", &["\"1/h\"", "\"none\""], &[], second_request),
    ("streams", &["7", "8"], &[], settings_of_http2),
];

fn trickled_body(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let mut client = http1(&wall);
    client.send(b"POST / HTTP/1.1\r\nHost: app.example\r\nContent-Length: 10000\r\n\r\n");
    // A few bytes ten times a second, for as long as the patience goes.
    let is_cut = soon(|| client.try_send(b"slow").is_err() || !client.is_silent_for(Duration::from_millis(100)));
    vec![("body", format!("cut: {is_cut}"))]
}

fn unfinished_body(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let (mut first, mut second) = (http1(&wall), http2(&wall));
    first.send(b"POST / HTTP/1.1\r\nHost: app.example\r\nContent-Length: 10\r\n\r\nfour");
    second.send(&Frame::headers(1, flag::NONE, POST));
    vec![("HTTP/1.1", rest(&mut first)), ("HTTP/2", rest_over_http2(&mut second))]
}

fn unfinished_head(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let (mut first, mut second, mut plain) = (http1(&wall), http2(&wall), WireClient::plain(wall.addresses().http[0]));
    first.send(b"GET / HTTP/1.1\r\nHost: app");
    // Nothing may come between the parts of a head, so settings are settled first (RFC 9113, 6.2).
    while second.read().map(|frame| (frame.kind, frame.flags)).unwrap() != (kind::SETTINGS, flag::ACK) {}
    second.send(&Frame::new(kind::HEADERS, flag::NONE, 1, encode(POST)));
    plain.send(b"GET ");
    vec![("HTTP/1.1", rest(&mut first)), ("HTTP/2", rest_over_http2(&mut second)), ("plain", rest(&mut plain))]
}

const POST: &[(&[u8], &[u8])] =
    &[(b":method", b"POST"), (b":scheme", b"https"), (b":authority", b"app.example"), (b":path", b"/")];

fn resting_connection(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let mut first = http1(&wall);
    assert_eq!(first.ask(&Ask::get("/").bytes()).status, 200);
    let mut second = http2(&wall);
    assert_eq!(Ask::get("/").over_http2(&mut second, 1).status(), Some(200));
    vec![("HTTP/1.1", rest(&mut first)), ("HTTP/2", rest_over_http2(&mut second))]
}

fn silence_before_tls(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    vec![("handshake", rest(&mut WireClient::plain(wall.addresses().tls[0])))]
}

fn unread_answer(case: &Case<'_>) -> Seen {
    // Far more than the sockets between the two hold.
    let large = RecordingUpstream::answering(&"x".repeat(48 << 20));
    let wall = case.start(&[&large]);
    let (mut first, mut second) = (http1(&wall), http2(&wall));
    first.send(&Ask::get("/").bytes());
    second.get(1, HOST, "/", &[]);
    // Nothing is read meanwhile; the wait itself is what the limit measures.
    soon(|| false);
    let length = |client: &mut WireClient| {
        let mut read = 0;
        let mut room = vec![0; 1 << 20];
        // What is left in the sockets comes at once; over HTTP/2 the window keeps the rest back.
        let limit = Some(Duration::from_millis(500));
        while client.socket().set_read_timeout(limit).is_ok() {
            match client.read(&mut room) {
                Ok(0) => return "cut off",
                Ok(count) => read += count,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return "still open",
                Err(_) => return "cut off",
            }
            if read > 48 << 20 {
                return "whole";
            }
        }
        "no socket"
    };
    vec![("HTTP/1.1", length(&mut first).to_owned()), ("HTTP/2", length(&mut second.wire).to_owned())]
}

fn upload(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let chunked = Ask { more: &[("Transfer-Encoding", "chunked")], ..Ask::post("/", "") };
    let mut client = http1(&wall);
    client.send(&chunked.bytes());
    client.send(b"8\r\neight by\r\n0\r\n\r\n");
    let mut seen = Ask::post("/", "eight by").both(&wall);
    seen.push(("chunked", client.read_response().status.to_string()));
    seen
}

fn long_line(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    Ask::get(&format!("/{}", "a".repeat(100))).both(&wall)
}

fn long_header(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    Ask { more: &[("X-Long", &"a".repeat(1000))], ..Ask::get("/") }.both(&wall)
}

fn many_headers(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let names: Vec<_> = (0..10).map(|number| format!("X-{number}")).collect();
    let more: Vec<_> = names.iter().map(|name| (name.as_str(), "1")).collect();
    Ask { more: &more, ..Ask::get("/") }.both(&wall)
}

fn second_connection(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let mut first = http1(&wall);
    assert_eq!(first.ask(&Ask::get("/").bytes()).status, 200);
    let options = TlsOptions::new(&Trust::DangerousAnyone, HOST, &["http/1.1"]);
    let second = WireClient::tls(wall.addresses().tls[0], &options);
    vec![("second connection", format!("served: {}", second.is_ok()))]
}

pub(crate) fn second_request(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let ask = Ask::get("/r/x");
    assert!(ask.first(&wall).starts_with("200"));
    // Over HTTP/2 the count goes on: it is the client's, not the connection's.
    ask.both(&wall)
}

fn settings_of_http2(case: &Case<'_>) -> Seen {
    let app = Case::app();
    let wall = case.start(&[&app]);
    let frame = http2(&wall).read().unwrap();
    vec![("SETTINGS", format!("{frame:?}"))]
}
