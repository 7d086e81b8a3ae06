//! PEERS 4, 6, 8 from the other side: what an evil or broken app answers, and what its visitors get.

use std::io::Read;
use std::sync::{Arc, Mutex};

use bartizan_testkit::h2::{H2Client, Outcome};
use bartizan_testkit::{RecordingUpstream, Reply, WireClient};

use crate::harness::{Wall, is_page_of_ours};

/// A wall before an app that answers `/evil` with what the test last wrote, and "ok" to all else.
struct Evil {
    wall: Wall,
    script: Arc<Mutex<Reply>>,
}

impl Evil {
    fn new() -> Self {
        let script = Arc::new(Mutex::new(Reply::ok("ok")));
        let told = Arc::clone(&script);
        let app = RecordingUpstream::start(move |request| {
            if request.request_line().contains(" /evil") { told.lock().unwrap().clone() } else { Reply::ok("ok") }
        });
        Self { wall: Wall::before(app, "", "upstream_options = { max_fails = 0 }\n"), script }
    }

    fn answers(&self, reply: Reply) {
        *self.script.lock().unwrap() = reply;
    }

    fn ask(&self, method: &str) -> WireClient {
        let mut client = self.wall.plain();
        client.send(format!("{method} /evil HTTP/1.1\r\nHost: app.example\r\n\r\n").as_bytes());
        client
    }
}

#[test]
fn a_faulty_head_becomes_a_page_of_ours() {
    let evil = Evil::new();
    let huge = format!("HTTP/1.1 200 OK\r\nX: {}\r\nContent-Length: 2\r\n\r\nhi", "x".repeat(80_000));
    let many = format!("HTTP/1.1 200 OK\r\n{}Content-Length: 2\r\n\r\nhi", "X: y\r\n".repeat(2000));
    let mut heads: Vec<Vec<u8>> = [huge, many].map(String::into_bytes).to_vec();
    for line in [
        "HTTP/1.1 200 OK\n",
        "HTTP/1.1 200 OK\r",
        "HTTP/1.1 OK\r\n",
        "HTTP/1.1 20 OK\r\n",
        "HTTP/1.1 2000 OK\r\n",
        "HTTP/1.1 2x0 OK\r\n",
        "HTTP/1.1 +20 OK\r\n",
        "HTTP/1.1 099 OK\r\n",
        "HTTP/1.1 000 OK\r\n",
        "HTTP/1.1 600 OK\r\n",
        "HTTP/1.1 999 OK\r\n",
        "HTTP/1.1  200 OK\r\n",
        "HTTP/1.1\t200 OK\r\n",
        "HTTP/1.1 200\tOK\r\n",
        "HTTP/1.1 200OK\r\n",
        "HTTP/2.0 200 OK\r\n",
        "HTTP/1.2 200 OK\r\n",
        "HTTP/0.9 200 OK\r\n",
        "HTTP/1 200 OK\r\n",
        "HTTP/11 200 OK\r\n",
        "http/1.1 200 OK\r\n",
        "ICY 200 OK\r\n",
        "200 OK\r\n",
        "OK\r\n",
        "\r\n",
        " HTTP/1.1 200 OK\r\n",
        "\0HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 O\0K\r\n",
        "HTTP/1.1 200 O\rK\r\n",
        "HTTP/1.1 200 O\x1bK\r\n",
        "HTTP/1.1 200 OK\r\r\n",
        "<html>hi</html>\r\n",
        "220 ftp.example ready\r\n",
        "SSH-2.0-x\r\n",
        "\x16\x03\x01\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n",
        "HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n",
        "HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: h2c\r\n",
    ] {
        heads.push(format!("{line}Content-Length: 2\r\n\r\nhi").into_bytes());
    }
    let lines: &[&[u8]] = &[
        b"Content-Length: 2\r\nContent-Length: 2",
        b"Content-Length: 2\r\nContent-Length: 3",
        b"Content-Length: 2, 2",
        b"Content-Length: +2",
        b"Content-Length: -2",
        b"Content-Length: 0x2",
        b"Content-Length: 2x",
        b"Content-Length: 1_0",
        b"Content-Length:",
        b"Content-Length: 2 2",
        b"Content-Length: 99999999999999999999",
        b"Content-Length: 2\xa0",
        b"Content-Length: \x0b2",
        b"Content-Length: 2\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked\r\nContent-Length: 2",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: chunked, chunked",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: chunked, gzip",
        b"Transfer-Encoding: identity",
        b"Transfer-Encoding: xchunked",
        b"Transfer-Encoding: ,chunked",
        b"Transfer-Encoding: chunked,",
        b"Transfer-Encoding: \x0bchunked",
        b"Transfer-Encoding: chunked\0",
        b"Transfer-Encoding:",
        b"Transfer-Encoding : chunked",
        b"Transfer_Encoding: chunked",
        b"X: a\0b",
        b"X: a\rb",
        b"X: a\nY: b",
        b"X: \x01",
        b"X: \x1b[31m",
        b"X: \x7f",
        b"X: a\r\n b",
        b"X: a\r\n\tb",
        b" X: a",
        b"X : a",
        b"X\t: a",
        b": a",
        b"X",
        b"X y: a",
        b"X\0: a",
        b"X\x80: a",
        b"X\r: a",
        b"X(: a",
        b"Set-Cookie: a=b\rSet-Cookie: c=d",
        b"Location: /\nX: y",
        b"Set-Cookie: a=b\0",
        b"X: a\r\r",
        b"HTTP/1.1 200 OK",
        b"<html>",
    ];
    heads.extend(lines.iter().map(|line| [b"HTTP/1.1 200 OK\r\n", *line, b"\r\nX-Evil: yes\r\n\r\nhi"].concat()));
    heads.push(b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n".to_vec());
    heads.push(
        [b"HTTP/1.1 102 Processing\r\n\r\n".repeat(1000), b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".to_vec()]
            .concat(),
    );
    heads.push(
        [b"HTTP/1.1 100 Continue\r\n\r\n".repeat(50), b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".to_vec()]
            .concat(),
    );
    heads.push(b"HTTP/1.1 103 x\r\nX: a\nb\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".to_vec());
    for head in heads {
        let told = head.iter().take(200).copied().collect::<Vec<_>>().escape_ascii().to_string();
        // With and without the end of the connection, which must not make good what the head lacks.
        for reply in [Reply::raw(head.clone()), Reply::raw(head.clone()).close()] {
            evil.answers(reply);
            let answer = evil.ask("GET").try_read_response().unwrap_or_else(|error| panic!("{error}: {told}"));
            assert!(answer.status == 502 && is_page_of_ours(&answer), "{told}\n{answer:?}");
            assert_eq!(answer.header("x-evil"), None, "{told}");
            evil.wall.next_visitor(&told);
        }
    }
    // An app that closes without a word, or in the middle of its head.
    for head in [
        "",
        "H",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r",
        "HTTP/1.1 100 Continue\r\n\r\n",
    ] {
        evil.answers(Reply::raw(head).close());
        let answer = evil.ask("GET").read_response();
        assert!(answer.status == 502 && is_page_of_ours(&answer), "{head:?} {answer:?}");
        evil.wall.next_visitor(head);
    }
}

#[test]
fn sound_answers_pass() {
    let evil = Evil::new();
    for (reply, status, body) in [
        (Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), 200, "hi"),
        (
            Reply::raw("HTTP/1.1 200 OK\r\ntransfer-encoding: CHUNKED\r\n\r\n2;a=b\r\nhi\r\n0\r\nX-T: 1\r\n\r\n"),
            200,
            "hi",
        ),
        (Reply::raw("HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nhi"), 200, "hi"),
        (Reply::raw("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi"), 200, "hi"),
        (Reply::raw("HTTP/1.1 200 tr\u{e8}s bien\r\nContent-Length: 2\r\n\r\nhi"), 200, "hi"),
        (
            Reply::raw("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
            200,
            "hi",
        ),
        (Reply::raw("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nall of it").close(), 200, "all of it"),
        (Reply::raw("HTTP/1.0 200 OK\r\n\r\nall of it").close(), 200, "all of it"),
        (Reply::raw("HTTP/1.1 204 No Content\r\n\r\n"), 204, ""),
        (Reply::raw("HTTP/1.1 304 Not Modified\r\nContent-Length: 2\r\n\r\n"), 304, ""),
        (Reply::raw("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), 404, ""),
    ] {
        evil.answers(reply.clone());
        let answer = evil.ask("GET").read_response();
        assert_eq!((answer.status, answer.text().as_str(), answer.is_complete), (status, body, true), "{reply:?}");
        evil.wall.next_visitor("a sound answer");
    }
}

/// Answers that are cut off or go wrong after a sound head.
fn broken_bodies() -> Vec<Reply> {
    let chunked = |body: &[u8]| [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", body].concat();
    let mut replies: Vec<Reply> = vec![
        Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhi").close(),
        Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n").close(),
        Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n123456789").close(),
    ];
    let cut: &[&[u8]] = &[
        b"",
        b"2",
        b"2\r\n",
        b"2\r\nh",
        b"2\r\nhi",
        b"2\r\nhi\r\n",
        b"2\r\nhi\r\n0",
        b"2\r\nhi\r\n0\r\n",
        b"2\r\nhi\r\n0\r\nX: y\r\n",
    ];
    replies.extend(cut.iter().map(|body| Reply::raw(chunked(body)).close()));
    let bad: &[&[u8]] = &[
        b"2\r\nhix\r\n0\r\n\r\n",
        b"0x2\r\nhi\r\n0\r\n\r\n",
        b"2\nhi\n0\n\n",
        b"2\r\nhi\r\nx\r\n\r\n",
        b"+2\r\nhi\r\n0\r\n\r\n",
        b"2 \r\nhi\r\n0\r\n\r\n",
        b" 2\r\nhi\r\n0\r\n\r\n",
        b"2;a\rb\r\nhi\r\n0\r\n\r\n",
        b"2;\n\r\nhi\r\n0\r\n\r\n",
        b"ffffffffffffffffff\r\nhi",
        b"-1\r\nhi",
        b"\r\nhi",
        b"2\r\nhi\r\n0\r\nX\r\n\r\n",
        b"2\r\nhi\r\n0\r\nX: a\rb\r\n\r\n",
        b"2\r\nhi\r\n0\r\nX: \0\r\n\r\n",
        b"2\r\nhi\r\n0\r\nContent-Length: 2\r\n\r\n",
        b"2\r\nhi\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"2\r\nhi\r\n0\n\r\n",
        b"2\r\nhi\r\n0\r\n\rx",
    ];
    replies.extend(bad.iter().map(|body| Reply::raw(chunked(body))));
    replies
}

#[test]
fn a_cut_body_is_never_taken_for_a_whole_one() {
    let evil = Evil::new();
    for reply in broken_bodies() {
        // In one piece the fault may be seen before the head is passed on; in two it is not.
        evil.answers(reply.clone());
        let mut client = evil.ask("GET");
        match client.try_read_response() {
            Ok(answer) if answer.status == 200 => {
                assert!(!answer.is_complete, "{reply:?}\n{answer:?}");
                assert!(client.is_closed(), "{reply:?}");
            }
            Ok(answer) => assert!(answer.status == 502 && is_page_of_ours(&answer), "{reply:?}\n{answer:?}"),
            Err(_) => {}
        }
        evil.wall.next_visitor(&format!("{reply:?}"));

        let mut client = H2Client::new(evil.wall.tls("app.example", "h2"));
        client.get(1, "app.example", "/evil", &[]);
        let outcome = client.outcome(1);
        assert!(
            matches!(outcome, Outcome::Reset(..) | Outcome::GoAway(_) | Outcome::Closed)
                || outcome.status() == Some(502),
            "{reply:?}\n{outcome:?}"
        );
    }
}

#[test]
fn what_follows_an_answer_is_nobodys() {
    let evil = Evil::new();
    let poison = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
    for (method, head) in [
        ("GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
        ("GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        ("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"),
        ("GET", "HTTP/1.1 204 No Content\r\n\r\n"),
        ("GET", "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n"),
        ("GET", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("GET", "HTTP/1.1 304 Not Modified\r\n\r\n"),
        ("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 44\r\n\r\n"),
        ("GET", "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nhi"),
        ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 44\r\n\r\n"),
        ("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("HEAD", "HTTP/1.1 200 OK\r\n\r\n"),
    ] {
        for after in [poison, "x", "\r\n", "\n", "\0", "2\r\nhi\r\n0\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n"] {
            for reply in [
                Reply::raw(format!("{head}{after}")),
                Reply::raw(head).then(after),
                Reply::raw(format!("{head}{after}")).close(),
            ] {
                evil.answers(reply);
                let mut client = evil.ask(method);
                let first = bartizan_testkit::RawResponse::read(&mut client, method == "HEAD");
                if let Ok(first) = first {
                    assert!(matches!(first.status, 200 | 204 | 304 | 404 | 502), "{head} {after:?} {first:?}");
                    assert!(!first.text().contains("poison"), "{head} {after:?} {first:?}");
                    // The connection either ends or goes on with answers to what was asked.
                    if client.try_send(b"GET /again HTTP/1.1\r\nHost: app.example\r\n\r\n").is_ok()
                        && let Ok(again) = client.try_read_response()
                    {
                        assert_eq!((again.status, again.text().as_str()), (200, "ok"), "{head} {after:?}");
                    }
                }
                evil.wall.next_visitor(&format!("{head} {after:?}"));
                evil.wall.next_visitor(&format!("{head} {after:?}, once more"));
            }
        }
    }
}

#[test]
fn an_answer_before_the_end_of_the_question_ends_both() {
    // Attack 6: what is left of the body must not become the next visitor's request.
    let app = RecordingUpstream::start_early(|request| {
        if request.request_line().contains("/early") { Reply::ok("early") } else { Reply::ok("ok") }
    });
    let wall = Wall::before(app, "", "");
    for (line, first, rest) in [
        ("Content-Length: 45", &b""[..], crate::harness::SMUGGLED),
        ("Content-Length: 50", b"hello", crate::harness::SMUGGLED),
        (
            "Transfer-Encoding: chunked",
            b"5\r\nhello\r\n",
            b"2d\r\nGET /smuggled HTTP/1.1\r\nHost: app.example\r\n\r\n\r\n0\r\n\r\n",
        ),
    ] {
        let mut client = wall.plain();
        client.send(format!("POST /early HTTP/1.1\r\nHost: app.example\r\n{line}\r\n\r\n").as_bytes());
        client.send(first);
        let answer = client.try_read_response();
        assert!(answer.as_ref().is_ok_and(|answer| matches!(answer.status, 200 | 502)), "{line} {answer:?}");
        wall.next_visitor(line);
        // The rest is of the same request, however late it comes.
        let _ = client.try_send(rest);
        wall.next_visitor(line);
        let _ = client.try_send(b"GET /own HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n");
        if let Ok(answer) = client.try_read_response() {
            assert_eq!(answer.text(), "ok", "{line}");
        }
        wall.never_saw("/smuggled");
    }
}

#[test]
fn a_connection_that_was_closed_is_asked_again_where_that_is_safe() {
    let closes = Arc::new(Mutex::new(0_usize));
    let left = Arc::clone(&closes);
    let app = RecordingUpstream::start(move |request| {
        let mut left = left.lock().unwrap();
        if request.request_line().contains("/dropped") && *left > 0 {
            *left -= 1;
            return Reply::default().close();
        }
        if request.request_line().contains("/last") { Reply::ok("ok").close() } else { Reply::ok("ok") }
    });
    let wall = Wall::before(app, "", "upstream_options = { max_fails = 0 }\n");
    let sent =
        |wall: &Wall, line: &str| wall.app.requests().iter().filter(|request| request.request_line() == line).count();
    for (method, lines, body, status, count) in [
        ("GET", "", "", 200, 2),
        ("HEAD", "", "", 200, 2),
        ("POST", "Content-Length: 2\r\n", "hi", 502, 1),
        ("POST", "Content-Length: 0\r\n", "", 502, 1),
        ("PATCH", "Transfer-Encoding: chunked\r\n", "2\r\nhi\r\n0\r\n\r\n", 502, 1),
    ] {
        wall.next_visitor("a kept connection");
        *closes.lock().unwrap() = 1;
        let path = format!("/dropped/{}", body.len());
        let mut client = wall.plain();
        client.send(format!("{method} {path} HTTP/1.1\r\nHost: app.example\r\n{lines}\r\n{body}").as_bytes());
        let answer = bartizan_testkit::RawResponse::read(&mut client, method == "HEAD").unwrap();
        assert_eq!(
            (answer.status, sent(&wall, &format!("{method} {path} HTTP/1.1"))),
            (status, count),
            "{method} {lines}"
        );
        *closes.lock().unwrap() = 0;
    }
    // An app that closes after its answer without saying so: the next request must not meet the dead connection.
    for method in ["GET", "POST"] {
        let mut client = wall.plain();
        assert_eq!(client.ask(b"GET /last HTTP/1.1\r\nHost: app.example\r\n\r\n").status, 200);
        let end = if method == "POST" { "Content-Length: 2\r\n\r\nhi" } else { "\r\n" };
        let answer = client.ask(format!("{method} /after HTTP/1.1\r\nHost: app.example\r\n{end}").as_bytes());
        assert!(answer.status == 200 || (method == "POST" && answer.status == 502), "{method} {answer:?}");
    }
    assert!(sent(&wall, "POST /after HTTP/1.1") <= 1);
}

#[test]
fn a_slow_reader_gets_the_whole_of_a_last_answer() {
    // More than the sockets hold, so that the end still waits inside the wall when the app is done.
    let body = "x".repeat(24 * 1024 * 1024);
    let wall = Wall::before(RecordingUpstream::answering(&body), "", "");
    let mut client = wall.plain();
    client.send(b"GET /large HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n");
    let (mut piece, mut came, mut last) = ([0; 1024], 0, 0);
    while let Ok(count @ 1..) = client.read(&mut piece) {
        (came, last) = (came + count, piece[count - 1]);
    }
    assert!(came > body.len() && last == b'x', "{came} bytes of {}", body.len());
}

#[test]
fn an_answer_that_closes_is_written_although_more_was_asked() {
    let wall = Wall::new();
    // Refused after its head was found sound, with other requests already behind it.
    for (host, status) in [(".", 400), ("evil.example", 400), ("app.example\r\nConnection: close", 200)] {
        let asked = format!("GET /case HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let more = "GET /more HTTP/1.1\r\nHost: app.example\r\n\r\n".repeat(20);
        let seen = wall.send(format!("{asked}{more}").as_bytes());
        assert_eq!(seen.answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [status], "{host}");
        wall.never_saw("/more");
    }
}
