//! HTTP/2 turned against the server: it stays small, and others are served meanwhile.

use std::time::{Duration, Instant};

use bartizan_testkit::h2::{Frame, H2Client, Outcome, encode, flag, indexed, indexing, kind};
use bartizan_testkit::{DEADLINE, RecordingUpstream};

use crate::wall::{GET, Plan, Wall, h2_head};

/// What the process may grow by under attack.
const CEILING_KIB: u64 = 64 * 1024;

/// The largest frame that need be accepted (RFC 9113, 4.2).
const FRAME: usize = 16 * 1024;

/// Attacks with a few connections at once and judges what is left; returns the requests that came through.
fn survives(settings: &[(u16, u32)], attack: fn(&mut H2Client)) -> usize {
    let app = RecordingUpstream::answering("hello");
    let wall = Wall::before(app.address(), Plan::default());
    let mut warm = wall.h2();
    warm.get(1, "app.example", "/", &[]);
    assert_eq!(warm.outcome(1).status(), Some(200));
    let before = wall.program.resident_kib();
    let mut attackers = Vec::new();
    for _ in 0..3 {
        let mut client = wall.h2_with(settings);
        // A server that stops reading has defended itself; the attack need not wait for more.
        client.wire.socket().set_write_timeout(Some(Duration::from_secs(1))).unwrap();
        attack(&mut client);
        attackers.push(client);
        let start = Instant::now();
        assert_eq!(wall.tls().ask(GET).text(), "hello");
        assert!(start.elapsed() < DEADLINE, "others wait");
        let growth = wall.program.resident_kib().saturating_sub(before);
        assert!(growth < CEILING_KIB, "grew by {growth} KiB");
    }
    warm.get(3, "app.example", "/", &[]);
    assert_eq!(warm.outcome(3).status(), Some(200), "the connection from before goes on");
    app.requests().len() - 5
}

fn send_all(client: &mut H2Client, frames: impl IntoIterator<Item = Frame>) {
    let mut batch = Vec::new();
    for frame in frames {
        batch.extend_from_slice(&frame.bytes());
        if batch.len() > 8 * FRAME {
            if client.wire.try_send(&batch).is_err() {
                return;
            }
            batch.clear();
        }
    }
    // A closed connection is as good a defence as any.
    let _ = client.wire.try_send(&batch);
}

/// A header block cut into frames.
fn block(stream: u32, bytes: &[u8]) -> Vec<Frame> {
    let count = bytes.chunks(FRAME).count();
    let frame = |(number, part): (usize, &[u8])| {
        let kind = if number == 0 { kind::HEADERS } else { kind::CONTINUATION };
        let end = if number + 1 == count { flag::END_HEADERS } else { flag::NONE };
        let last = if number == 0 { flag::END_STREAM } else { flag::NONE };
        Frame::new(kind, end | last, stream, part)
    };
    bytes.chunks(FRAME).enumerate().map(frame).collect()
}

fn streams(count: u32) -> impl Iterator<Item = u32> {
    (0..count).map(|number| 2 * number + 1)
}

#[test]
fn a_compressed_bomb_before_a_closed_window_bursts_alone() {
    let passed = survives(&[(4, 0)], |client| {
        let first = [encode(&h2_head("GET")), indexing(b"x-bomb", &[b'x'; 3900])].concat();
        send_all(client, block(1, &first));
        let bomb = [encode(&h2_head("GET")), indexed(62).repeat(FRAME - 200)].concat();
        send_all(client, streams(100).skip(1).flat_map(|stream| block(stream, &bomb)));
    });
    assert!(passed <= 3, "{passed} bombs reached the app");
}

#[test]
fn cookie_crumbs_by_the_thousand_are_refused() {
    for crumbs in [150, 1000, 5000] {
        let app = RecordingUpstream::answering("hello");
        let wall = Wall::before(app.address(), Plan::default());
        let mut client = wall.h2();
        let head = [&h2_head("GET")[..], &vec![(&b"cookie"[..], &b"a=b"[..]); crumbs]].concat();
        send_all(&mut client, block(1, &encode(&head)));
        match client.outcome(1) {
            Outcome::Response(answer) => assert_eq!(answer.status, 431, "{crumbs}"),
            Outcome::Closed | Outcome::GoAway(_) | Outcome::Reset(..) => {}
        }
        assert!(app.requests().is_empty(), "{crumbs}");
    }
    let passed = survives(&[(4, 0)], |client| {
        let head = [&h2_head("GET")[..], &vec![(&b"cookie"[..], &b""[..]); 3000]].concat();
        let bytes = encode(&head);
        send_all(client, streams(100).flat_map(|stream| block(stream, &bytes)));
    });
    assert_eq!(passed, 0);
}

#[test]
fn rapid_resets_end_the_connection() {
    let passed = survives(&[], |client| {
        let frames = streams(10_000)
            .flat_map(|stream| [Frame::headers(stream, flag::END_STREAM, &h2_head("GET")), Frame::reset(stream, 8)]);
        send_all(client, frames);
        assert!(matches!(client.outcome(20_001), Outcome::Closed | Outcome::GoAway(_)));
    });
    assert!(passed < 1000, "{passed} requests reached the app");
}

#[test]
fn faults_that_make_the_server_reset_end_the_connection() {
    // A window that grows by nothing is a fault of its stream alone (RFC 9113, 6.9).
    let passed = survives(&[], |client| {
        let frames = streams(5000)
            .flat_map(|stream| [Frame::headers(stream, flag::END_STREAM, &h2_head("GET")), Frame::window(stream, 0)]);
        send_all(client, frames);
        assert!(matches!(client.outcome(20_001), Outcome::Closed | Outcome::GoAway(_)));
    });
    assert!(passed < 1000, "{passed} requests reached the app");
}

#[test]
fn a_head_that_is_continued_for_ever_ends_the_connection() {
    let passed = survives(&[], |client| {
        let first = Frame::new(kind::HEADERS, flag::NONE, 1, encode(&h2_head("GET")));
        let more = Frame::new(kind::CONTINUATION, flag::NONE, 1, encode(&[(b"x-a", &[b'x'; 1000])]));
        send_all(client, std::iter::once(first).chain(std::iter::repeat_n(more, 20_000)));
        assert!(matches!(client.outcome(1), Outcome::Closed | Outcome::GoAway(_) | Outcome::Reset(..)));
    });
    assert_eq!(passed, 0);
}

#[test]
fn a_flood_of_frames_that_want_an_answer_is_not_stored() {
    for frame in [Frame::new(kind::PING, flag::NONE, 0, [0; 8]), Frame::settings(&[(4, 65_535)])] {
        let flood = match frame.kind {
            kind::PING => |client: &mut H2Client| {
                send_all(client, std::iter::repeat_n(Frame::new(kind::PING, flag::NONE, 0, [0; 8]), 100_000));
            },
            _ => |client: &mut H2Client| {
                send_all(client, std::iter::repeat_n(Frame::settings(&[(4, 65_535)]), 100_000));
            },
        };
        assert_eq!(survives(&[], flood), 0);
    }
}

#[test]
fn empty_frames_of_a_body_are_not_stored() {
    survives(&[], |client| {
        client.send(&Frame::headers(1, flag::NONE, &h2_head("POST")));
        send_all(client, std::iter::repeat_n(Frame::data(1, flag::NONE, ""), 100_000));
    });
}

#[test]
fn a_huge_list_of_fields_is_refused() {
    let app = RecordingUpstream::answering("hello");
    let wall = Wall::before(app.address(), Plan::default());
    let mut client = wall.h2();
    let value = [b'x'; 8000];
    let head = [&h2_head("GET")[..], &vec![(&b"x-a"[..], &value[..]); 8]].concat();
    send_all(&mut client, block(1, &encode(&head)));
    match client.outcome(1) {
        Outcome::Response(answer) => assert_eq!(answer.status, 431),
        Outcome::Closed | Outcome::GoAway(_) | Outcome::Reset(..) => {}
    }
    assert!(app.requests().is_empty());
}
