//! Bodies of a gigabyte: they flow, and the process does not grow.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bartizan_testkit::h2::{Frame, Outcome, flag, kind};
use bartizan_testkit::wait_until;

use crate::app;
use crate::wall::{GET, Plan, Wall, h2_head, request};

const GIB: u64 = 1 << 30;

const PIECE: usize = 256 * 1024;

/// What the process may grow by while any number of bytes flows through it.
const GROWTH_KIB: u64 = 32 * 1024;

/// Reads every body and forgets it; answers with its length.
fn sink(mut stream: TcpStream) {
    let mut room = vec![0; PIECE];
    while let Some(head) = app::read_head(&stream) {
        let length = head
            .to_lowercase()
            .split("content-length: ")
            .nth(1)
            .map_or(0, |rest| rest.split("\r\n").next().unwrap_or_default().parse().unwrap());
        let mut left: u64 = length;
        while left > 0 {
            let most = room.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            match stream.read(&mut room[..most]) {
                Ok(count @ 1..) => left -= count as u64,
                _ => return,
            }
        }
        let text = length.to_string();
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len());
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// The most that the process has held since it was first asked.
struct Memory<'a> {
    wall: &'a Wall,
    before: u64,
    most: u64,
}

impl<'a> Memory<'a> {
    fn of(wall: &'a Wall) -> Self {
        let before = wall.program.resident_kib();
        Self { wall, before, most: before }
    }

    fn look(&mut self) {
        self.most = self.most.max(self.wall.program.resident_kib());
    }

    fn check(mut self) {
        self.look();
        let growth = self.most - self.before;
        assert!(growth < GROWTH_KIB, "grew by {growth} KiB");
    }
}

#[test]
fn a_gibibyte_flows_up_over_http1() {
    let wall = Wall::before(app::serve(sink), Plan { site: "body = \"none\"", ..Plan::default() });
    let mut client = wall.plain();
    assert_eq!(client.ask(&request("POST", "Content-Length: 2\r\n\r\nhi")).status, 200);
    let mut memory = Memory::of(&wall);
    client.send(&request("POST", &format!("Content-Length: {GIB}\r\n")));
    let piece = vec![b'x'; PIECE];
    for number in 0..GIB / PIECE as u64 {
        client.write_all(&piece).unwrap();
        if number % 64 == 0 {
            memory.look();
        }
    }
    assert_eq!(client.read_response().text(), GIB.to_string());
    memory.check();
}

#[test]
fn a_gibibyte_flows_up_over_http2_as_its_windows_allow() {
    let wall = Wall::before(app::serve(sink), Plan { site: "body = \"none\"", ..Plan::default() });
    let mut warm = wall.h2();
    warm.get(1, "app.example", "/", &[]);
    assert_eq!(warm.outcome(1).status(), Some(200));
    let mut memory = Memory::of(&wall);
    // On a connection of its own, so that every frame that announces a window is seen here.
    let mut client = wall.h2();
    let length = GIB.to_string();
    let head = [&h2_head("POST")[..], &[(b"content-length", length.as_bytes())]].concat();
    client.send(&Frame::headers(1, flag::NONE, &head));
    // What RFC 9113, 6.9.2 grants at first; all beyond it has been announced since.
    let (mut window, mut stream) = (65_535_i64, 65_535_i64);
    let mut left = i64::try_from(GIB).unwrap();
    let mut piece = vec![b'x'; 16 * 1024];
    let mut answer = None;
    while left > 0 {
        let room = window.min(stream).min(left).min(16 * 1024);
        if room > 0 {
            piece.resize(usize::try_from(room).unwrap(), b'x');
            let flags = if room == left { flag::END_STREAM } else { flag::NONE };
            client.send(&Frame::data(1, flags, piece.as_slice()));
            (window, stream, left) = (window - room, stream - room, left - room);
            continue;
        }
        memory.look();
        let frame = client.read().unwrap();
        match (frame.kind, frame.stream) {
            (kind::SETTINGS, _) => {
                for pair in frame.payload.chunks_exact(6).filter(|pair| pair[1] == 4) {
                    stream += i64::from(u32::from_be_bytes(*pair.last_chunk().unwrap())) - 65_535;
                }
            }
            (kind::WINDOW_UPDATE, id) => {
                let more = i64::from(u32::from_be_bytes(*frame.payload.first_chunk().unwrap()));
                *(if id == 0 { &mut window } else { &mut stream }) += more;
            }
            (kind::HEADERS | kind::RST_STREAM | kind::GOAWAY, _) => {
                answer = Some(frame);
                break;
            }
            _ => {}
        }
    }
    assert_eq!(answer, None, "ended early with {left} bytes left");
    let Outcome::Response(answer) = client.outcome(1) else { panic!("no response") };
    assert_eq!(String::from_utf8(answer.body).unwrap(), length);
    memory.check();
}

/// Answers a gibibyte as fast as it is taken, and counts what was.
fn fountain() -> (SocketAddr, Arc<AtomicU64>) {
    let written = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&written);
    let app = app::serve(move |mut stream: TcpStream| {
        if app::read_head(&stream).is_none() {
            return;
        }
        counter.store(0, Ordering::SeqCst);
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {GIB}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let piece = vec![b'x'; PIECE];
        while counter.load(Ordering::SeqCst) < GIB && stream.write_all(&piece).is_ok() {
            counter.fetch_add(PIECE as u64, Ordering::SeqCst);
        }
    });
    (app, written)
}

/// Waits until the app cannot go on: what it wrote is in the sockets' buffers, or in the wall.
fn wait_until_stuck(written: &AtomicU64) {
    let mut last = (0, 0);
    wait_until("the app to be held back", || {
        let now = written.load(Ordering::SeqCst);
        last = if now > 0 && now == last.0 { (now, last.1 + 1) } else { (now, 0) };
        (last.1 > 200).then_some(())
    });
    assert!(last.0 < GIB / 8, "{} bytes were taken for a client that reads none", last.0);
}

#[test]
fn a_gibibyte_waits_at_the_app_for_a_reader_that_starts_late() {
    let (app, written) = fountain();
    let wall = Wall::before(app, Plan::default());
    let mut memory = Memory::of(&wall);
    let mut client = wall.plain();
    client.send(GET);
    wait_until_stuck(&written);
    memory.look();
    let head = app::read_head(&mut client).unwrap();
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
    let (mut room, mut left) = (vec![0; PIECE], GIB);
    while left > 0 {
        let count = client.read(&mut room).unwrap();
        assert_ne!(count, 0, "cut short with {left} bytes left");
        left -= count as u64;
        if left % (16 * PIECE as u64) < count as u64 {
            memory.look();
        }
    }
    memory.check();
}

#[test]
fn an_answer_that_nobody_reads_is_held_back_over_tls_and_http2() {
    let (app, written) = fountain();
    let wall = Wall::before(app, Plan::default());
    let memory = Memory::of(&wall);
    let mut client = wall.tls();
    client.send(GET);
    wait_until_stuck(&written);
    let mut client = wall.h2();
    client.get(1, "app.example", "/", &[]);
    wait_until_stuck(&written);
    memory.check();
}

#[test]
fn many_clients_that_do_not_read_cost_little_each() {
    let (app, written) = fountain();
    let wall = Wall::before(app, Plan::default());
    let memory = Memory::of(&wall);
    let stalled: Vec<_> = (0..32)
        .map(|_| {
            let mut client = wall.plain();
            client.send(GET);
            client
        })
        .collect();
    let mut last = (0, 0);
    wait_until("all to be held back", || {
        let now = written.load(Ordering::SeqCst);
        last = if now > 0 && now == last.0 { (now, last.1 + 1) } else { (now, 0) };
        (last.1 > 200).then_some(())
    });
    // A mebibyte each at the most.
    memory.check();
    drop(stalled);
}
