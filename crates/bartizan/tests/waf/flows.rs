//! What flows goes on flowing with a firewall before it, and what is dear to judge delays nobody.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use bartizan_testkit::h2::{Frame, flag};
use bartizan_testkit::{DEADLINE, RecordingUpstream, Reply};

use crate::request::Ask;
use crate::wall::Wall;

const BLOCK: &str = "body = \"none\"\n[site.waf]\nmode = \"block\"\n";

/// An app that a test writes as a function over each connection, and what it says.
fn app(
    connection: impl Fn(TcpStream, &Sender<String>, &Receiver<()>) + Send + 'static,
) -> (SocketAddr, Receiver<String>, Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (said, says) = channel();
    let (go, may) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            connection(stream, &said, &may);
        }
    });
    (address, says, go)
}

fn read_until(stream: &mut impl std::io::Read, text: &str) -> String {
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains(text) {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        seen.push(byte[0]);
    }
    String::from_utf8_lossy(&seen).into_owned()
}

#[test]
fn websockets_are_opened_and_echo() {
    let app = RecordingUpstream::start(|_| {
        Reply::raw("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n").echo()
    });
    let wall = Wall::before(app.address(), BLOCK);
    let mut client = wall.plain();
    let ask = "GET /socket HTTP/1.1\r\nHost: app.example\r\nAccept: */*\r\nUser-Agent: a\r\nConnection: Upgrade\r\n\
               Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    assert_eq!(client.ask(ask.as_bytes()).status, 101);
    client.send(b"<script>alert(1)</script>");
    assert_eq!(read_until(&mut client, "</script>"), "<script>alert(1)</script>");
}

#[test]
fn each_event_arrives_before_the_next_is_sent() {
    let (address, _says, go) = app(|mut stream, _, may| {
        read_until(&mut stream, "\r\n\r\n");
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n").unwrap();
        while may.recv_timeout(DEADLINE).is_ok() && stream.write_all(b"data: event\n\n").is_ok() {}
    });
    let wall = Wall::before(address, "[site.waf]\nmode = \"block\"\nresponses = \"64KiB\"\n");
    let mut client = wall.plain();
    client.send(&Ask::get("/events").bytes());
    read_until(&mut client, "\r\n\r\n");
    for _ in 0..3 {
        go.send(()).unwrap();
        read_until(&mut client, "data: event\n\n");
    }
}

#[test]
fn calls_that_speak_in_turns_reach_the_app_before_their_end() {
    let (address, says, _go) = app(|mut stream, said, _| {
        read_until(&mut stream, "\r\n\r\n");
        for part in ["first", "last"] {
            read_until(&mut stream, part);
            said.send(part.to_owned()).unwrap();
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    });
    let grpc = ("application/grpc", BLOCK);
    let detect = ("application/x-www-form-urlencoded", "[site.waf]\nmode = \"detect\"\n");
    for (kind_of_body, site) in [grpc, detect] {
        let wall = Wall::before(address, site);
        let mut client = wall.h2();
        let head: [(&[u8], &[u8]); 7] = [
            (b":method", b"POST"),
            (b":scheme", b"https"),
            (b":authority", b"app.example"),
            (b":path", b"/a.Service/Call"),
            (b"content-type", kind_of_body.as_bytes()),
            (b"te", b"trailers"),
            (b"user-agent", b"grpc"),
        ];
        client.send(&Frame::headers(1, flag::NONE, &head));
        client.send(&Frame::data(1, flag::NONE, "first"));
        assert_eq!(says.recv_timeout(DEADLINE).as_deref(), Ok("first"), "{kind_of_body}");
        client.send(&Frame::data(1, flag::END_STREAM, "last"));
        assert_eq!(says.recv_timeout(DEADLINE).as_deref(), Ok("last"), "{kind_of_body}");
        assert_eq!(client.outcome(1).status(), Some(200), "{kind_of_body}");
    }
}

/// What the process may grow by while any number of bytes flows through it: what is looked at, twice, and buffers.
const GROWTH_KIB: u64 = 32 * 1024;

#[test]
fn a_gibibyte_flows_up_in_bounded_memory() {
    const LENGTH: u64 = 1 << 30;
    let (address, _says, _go) = app(|mut stream, _, _| {
        loop {
            let head = read_until(&mut stream, "\r\n\r\n").to_lowercase();
            let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
            let length: u64 = length.map_or(0, |length| length.parse().unwrap());
            let read = std::io::copy(&mut (&mut stream).take(length), &mut std::io::sink()).unwrap().to_string();
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{read}", read.len());
            stream.write_all(answer.as_bytes()).unwrap();
            if length > 2 {
                return;
            }
        }
    });
    let wall = Wall::before(address, BLOCK);
    let head = |length: u64| {
        format!(
            "POST /upload HTTP/1.1\r\nHost: app.example\r\nUser-Agent: a\r\nAccept: */*\r\n\
             Content-Type: application/octet-stream\r\nContent-Length: {length}\r\n\r\n"
        )
    };
    let mut client = wall.plain();
    client.send(head(2).as_bytes());
    assert_eq!(client.ask(b"hi").text(), "2");
    let before = wall.program.resident_kib();
    client.send(head(LENGTH).as_bytes());
    let piece = vec![b'x'; 256 * 1024];
    let mut most = before;
    for number in 0..LENGTH / piece.len() as u64 {
        client.write_all(&piece).unwrap();
        if number % 64 == 0 {
            most = most.max(wall.program.resident_kib());
        }
    }
    assert_eq!(client.read_response().text(), LENGTH.to_string());
    assert!(most - before < GROWTH_KIB, "grew by {} KiB", most - before);
}

/// Long bodies in which nothing is found, but much is looked for: many values, one value, and one that is folded.
fn dear_bodies(length: usize) -> Vec<(&'static str, Ask)> {
    let text = "a(b) c'd <e ";
    let many = |value: &dyn Fn(usize) -> String, between: &str| {
        let all: Vec<String> = (0..length / 2_400).map(value).collect();
        all.join(between)
    };
    let value = text.repeat(200);
    let long = text.repeat(length / text.len());
    let json = format!("{{{}}}", many(&|number| format!("\"f{number}\":\"{value}\""), ","));
    let xml = value.replace('<', "&lt;").replace('\'', "&apos;");
    let xml = format!("<r>{}</r>", many(&|number| format!("<f{number} a=\"{xml}\">{xml}</f{number}>"), "\n"));
    let part =
        |name: &str, value: &str| format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let parts = format!("{}--B--\r\n", many(&|number| part(&format!("f{number}"), &value), ""));
    let fields = many(&|number| format!("f{number}={}", value.replace(' ', "+")), "&");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(json.as_bytes()).unwrap();
    let folded = encoder.finish().unwrap();
    vec![
        ("many fields of a form", Ask::form(fields)),
        ("one field of a form", Ask::form(format!("f={}", long.replace(' ', "+")))),
        ("JSON", Ask::post("/form", "application/json", json)),
        ("one value of JSON", Ask::post("/form", "application/json", format!("[\"{long}\"]"))),
        ("JSON, folded", Ask::post("/form", "application/json", folded).field("content-encoding", "gzip")),
        ("XML", Ask::post("/form", "application/xml", xml)),
        ("parts", Ask::post("/form", "multipart/form-data; boundary=B", parts)),
        ("one part", Ask::post("/form", "multipart/form-data; boundary=B", format!("{}--B--\r\n", part("f", &long)))),
    ]
}

#[test]
fn a_body_that_is_dear_to_judge_delays_no_neighbour() {
    for (name, dear) in dear_bodies(512 << 10) {
        nobody_waits_for(name, &dear);
    }
}

#[test]
fn a_body_of_megabytes_delays_no_neighbour() {
    for (name, dear) in dear_bodies(8 << 20).into_iter().filter(|(name, _)| !name.contains("parts")) {
        nobody_waits_for(name, &dear);
    }
}

/// The neighbours' requests reach the app before one that came earlier, and is dear, has been judged.
fn nobody_waits_for(name: &str, dear: &Ask) {
    let app = RecordingUpstream::answering("ok");
    // The wall has one worker: without turns, whoever came first would be done first.
    let wall = Wall::before(
        app.address(),
        "body = \"none\"\n[site.waf]\nmode = \"block\"\nbody = \"16MiB\"\ncpu = \"20ms\"\n",
    );
    let mut neighbour = wall.plain();
    let near = Ask::get("/near").bytes();
    assert_eq!(neighbour.ask(&near).status, 200);
    let mut hostile = wall.plain();
    hostile.send(&dear.bytes());
    for _ in 0..NEIGHBOURS {
        assert_eq!(neighbour.ask(&near).status, 200);
    }
    let answer = hostile.read_response();
    let lines: Vec<String> = app.requests().iter().map(|request| request.request_line()).collect();
    assert_eq!(answer.status, 200, "{name}");
    let before = lines.iter().position(|line| line == "POST /form HTTP/1.1");
    assert_eq!(before, Some(1 + NEIGHBOURS), "{name}: {lines:?}");
}

/// Requests that come while the dear one is judged: more than one, or the first may have met a pause by chance.
const NEIGHBOURS: usize = 3;
