//! Counts and sizes: they hold for the process, whatever the number of its workers.

use std::net::TcpListener;

use bartizan_testkit::h2::{Frame, flag};
use bartizan_testkit::{Program, RecordingUpstream, WireClient, wait_until};

use crate::wall::{GET, Plan, Wall, h2_head, request};

const TWO: &str = "workers = 2";

/// Opens connections until one is refused, and returns those that were served.
fn open_all(connect: impl Fn() -> WireClient) -> Vec<WireClient> {
    let mut open = Vec::new();
    while open.len() < 40 {
        let mut client = connect();
        if client.try_send(GET).is_err() || client.try_read_response().is_err() {
            break;
        }
        open.push(client);
    }
    open
}

#[test]
fn connections_are_counted_over_all_workers() {
    let app = RecordingUpstream::answering("hello");
    for limits in ["connections_per_client = 6", "connections = 6"] {
        let wall = Wall::before(app.address(), Plan { server: TWO, limits, ..Plan::default() });
        // The connections that asked whether it listens are counted until their end is noticed.
        let open = wait_until("six connections", || {
            let open = open_all(|| wall.plain());
            assert!(open.len() <= 6, "{limits}: {} were served", open.len());
            (open.len() == 6).then_some(open)
        });
        drop(open);
        wait_until("room again", || (open_all(|| wall.plain()).len() == 6).then_some(()));
    }
}

#[test]
fn an_ipv6_client_is_counted_too() {
    if TcpListener::bind("[::1]:0").is_err() {
        eprintln!("*** SKIPPED: this machine has no ::1");
        return;
    }
    let app = RecordingUpstream::answering("hello");
    let program = Program::serve(env!("CARGO_BIN_EXE_bartizan"), 1, |ports, directory| {
        format!(
            "[server]\nlisten = []\nlisten_http = [\"127.0.0.1:{0}\", \"[::1]:{0}\"]\nadmin = \"none\"\n\
             state_dir = {directory:?}\nworkers = 2\n[server.limits]\nconnections_per_client = 3\n[[site]]\n\
             hosts = [\"app.example\"]\nupstream = [{1:?}]\n[site.https]\nredirect = \"dangerous_plain_http\"\n",
            ports[0],
            app.url()
        )
    });
    let address = format!("[::1]:{}", program.address(0).port()).parse().unwrap();
    let open = open_all(|| WireClient::plain(address));
    assert_eq!(open.len(), 3);
    // Another client is another account.
    assert_eq!(WireClient::plain(program.address(0)).ask(GET).status, 200);
}

#[test]
fn requests_are_counted_over_all_workers_and_versions() {
    let app = RecordingUpstream::answering("hello");
    let plan = Plan { server: TWO, limits: "requests_per_client = \"6/h\"", ..Plan::default() };
    let wall = Wall::before(app.address(), plan);
    for _ in 0..2 {
        assert_eq!(wall.plain().ask(GET).status, 200);
        assert_eq!(wall.tls().ask(GET).status, 200);
        let mut client = wall.h2();
        client.get(1, "app.example", "/", &[]);
        assert_eq!(client.outcome(1).status(), Some(200));
    }
    for mut client in [wall.plain(), wall.tls(), wall.plain()] {
        let answer = client.ask(GET);
        assert_eq!(answer.status, 429);
        let seconds: u64 = answer.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=3600).contains(&seconds), "{seconds}");
    }
    let mut client = wall.h2();
    client.get(1, "app.example", "/", &[]);
    assert_eq!(client.outcome(1).status(), Some(429));
    assert_eq!(app.requests().len(), 6);
}

#[test]
fn bodies_are_measured_however_they_are_framed() {
    let app = RecordingUpstream::answering("hello");
    let wall = Wall::before(app.address(), Plan { site: "body = \"1KiB\"", ..Plan::default() });
    for (length, status) in [(1024, 200), (1025, 413)] {
        let body = "x".repeat(length);
        let mut client = wall.tls();
        client.send(&request("POST", &format!("Content-Length: {length}\r\n")));
        client.send(body.as_bytes());
        assert_eq!(client.read_response().status, status, "{length}");
        let mut client = wall.tls();
        client.send(&request("POST", "Transfer-Encoding: chunked\r\n"));
        client.send(format!("{length:x}\r\n{body}\r\n0\r\n\r\n").as_bytes());
        assert_eq!(client.read_response().status, status, "{length} in chunks");
        for declared in [Some(length.to_string()), None] {
            let mut client = wall.h2();
            let mut head = h2_head("POST").to_vec();
            if let Some(declared) = &declared {
                head.push((b"content-length", declared.as_bytes()));
            }
            client.send(&Frame::headers(1, flag::NONE, &head));
            client.send(&Frame::data(1, flag::END_STREAM, body.as_str()));
            let outcome = client.outcome(1);
            assert_eq!(outcome.status(), Some(status), "{declared:?} {outcome:?}");
        }
    }
    assert!(app.requests().iter().all(|request| request.body.len() <= 1024));
}

#[test]
fn heads_are_measured_in_bytes_and_lines() {
    let app = RecordingUpstream::answering("hello");
    let limits = "head = \"8KiB\"\nrequest_line = \"4KiB\"\nheaders = 20";
    let wall = Wall::before(app.address(), Plan { limits, ..Plan::default() });
    let long = |count| "x".repeat(count);
    let many = |count| (0..count).map(|n| format!("X-{n}: y\r\n")).collect::<String>();
    for (path, lines, status) in [
        ("/".to_owned(), String::new(), 200),
        (format!("/{}", long(3000)), String::new(), 200),
        (format!("/{}", long(4096)), String::new(), 414),
        ("/".to_owned(), format!("X-Long: {}\r\n", long(6000)), 200),
        ("/".to_owned(), format!("X-Long: {}\r\n", long(8192)), 431),
        ("/".to_owned(), many(19), 200),
        // The line of the host is one more over HTTP/1.1.
        ("/".to_owned(), many(21), 431),
    ] {
        let head = format!("GET {path} HTTP/1.1\r\nHost: app.example\r\n{lines}\r\n");
        assert_eq!(wall.tls().ask(head.as_bytes()).status, status, "{}", head.len());
        let mut client = wall.h2();
        let more: Vec<_> = lines.split_terminator("\r\n").map(|line| line.split_once(": ").unwrap()).collect();
        let more: Vec<_> = more.iter().map(|(name, value)| (name.to_lowercase(), *value)).collect();
        let more: Vec<_> = more.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        client.get(1, "app.example", &path, &more);
        let outcome = client.outcome(1);
        assert_eq!(outcome.status(), Some(status), "{} over HTTP/2: {outcome:?}", head.len());
    }
}
