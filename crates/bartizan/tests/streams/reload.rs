//! New configurations and certificates under load, and the end of the process.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use bartizan_testkit::{RecordingUpstream, Release, Reply, TestCa, TlsOptions, Trust, WireClient, wait_until};

use crate::app::{self, Steps};
use crate::wall::{GET, Plan, Wall, request};

#[test]
fn no_request_fails_while_the_configuration_changes() {
    let steps = Steps::new();
    let events = steps.clone();
    let app = app::serve(move |mut stream: TcpStream| {
        let mut first = [0; 9];
        if stream.peek(&mut first).is_ok() && first.starts_with(b"GET /live") {
            app::read_head(&stream);
            stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n").unwrap();
            loop {
                events.expect("event");
                stream.write_all(b"!").unwrap();
            }
        }
        app::paths(stream);
    });
    let wall = Wall::before(app, Plan { server: "workers = 2", ..Plan::default() });
    let mut live = wall.tls();
    live.send(b"GET /live HTTP/1.1\r\nHost: app.example\r\n\r\n");
    app::read_head(&mut live).unwrap();

    let is_over = Arc::new(AtomicBool::new(false));
    let answered = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..3)
        .map(|number| {
            let mut client = if number == 0 { wall.plain() } else { wall.tls() };
            let (is_over, answered) = (Arc::clone(&is_over), Arc::clone(&answered));
            thread::spawn(move || {
                while !is_over.load(Ordering::SeqCst) {
                    client.send(b"GET /page HTTP/1.1\r\nHost: app.example\r\n\r\n");
                    let answer = client.read_response();
                    assert_eq!((answer.status, answer.text().as_str()), (200, "/page"));
                    answered.fetch_add(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    let mut h2 = wall.h2();
    for round in 0..8_u32 {
        let before = answered.load(Ordering::SeqCst);
        let limits = format!("headers = {}\nkeep_alive = \"{}s\"", 90 + round, 60 + round);
        wall.reload(Plan { server: "workers = 2", limits: &limits, ..Plan::default() });
        wait_until("requests under each configuration", || {
            (answered.load(Ordering::SeqCst) > before + 5).then_some(())
        });
        steps.say("event");
        live.read_exact(&mut [0]).unwrap();
        h2.get(2 * round + 1, "app.example", "/", &[]);
        assert_eq!(h2.outcome(2 * round + 1).status(), Some(200));
    }
    is_over.store(true, Ordering::SeqCst);
    for client in clients {
        client.join().expect("every request was answered");
    }
}

#[test]
fn what_a_configuration_needed_is_given_back_when_the_next_is_in_force() {
    let app = RecordingUpstream::answering("hello");
    let plan = Plan { server: "workers = 2", tables: CHECKED, ..Plan::default() };
    let wall = Wall::before(app.address(), plan);
    let mut resting = wall.tls();
    assert_eq!(resting.ask(GET).status, 200);
    let mut before = 0;
    for round in 0..60 {
        let limits = format!("headers = {}", 30 + round);
        wall.reload(Plan { limits: &limits, ..plan });
        assert_eq!(wall.tls().ask(GET).status, 200);
        // The first few fill what is kept for later.
        if round == 10 {
            before = wall.program.resident_kib();
        }
    }
    let growth = wall.program.resident_kib().saturating_sub(before);
    assert!(growth < 8 * 1024, "fifty configurations left {growth} KiB behind");
    assert_eq!(resting.ask(GET).status, 200);
}

#[test]
fn a_changed_file_is_noticed_and_a_bad_one_is_named_and_not_taken() {
    let app = RecordingUpstream::answering("hello");
    let wall = Wall::before(app.address(), Plan::default());
    let long = request("GET", &format!("X-Long: {}\r\n", "x".repeat(3000)));
    assert_eq!(wall.plain().ask(&long).status, 200);
    wall.rewrite(Plan { limits: "head = \"2KiB\"", ..Plan::default() });
    wait_until("the new limit", || (wall.plain().ask(&long).status == 431).then_some(()));

    wall.rewrite(Plan { limits: "haed = \"64KiB\"", ..Plan::default() });
    wall.program.signal("HUP");
    let output = wall.program.wait_for_output("the old one stays in force");
    assert!(output.contains("haed"), "{output}");
    assert_eq!(wall.plain().ask(GET).status, 200);
    assert_eq!(wall.plain().ask(&long).status, 431);

    wall.reload(Plan { limits: "head = \"64KiB\"", ..Plan::default() });
    assert_eq!(wall.plain().ask(&long).status, 200);
}

#[test]
fn a_certificate_that_was_replaced_is_shown_without_a_restart() {
    let app = RecordingUpstream::answering("hello");
    let ca = TestCa::new();
    let issued = ca.issue(&["app.example"]);
    let site = format!("certificate = {{ chain = {:?}, key = {:?} }}", issued.chain, issued.key);
    let wall = Wall::before(app.address(), Plan { site: &site, ..Plan::default() });
    let options = TlsOptions::new(&Trust::ca(&ca), "app.example", &["http/1.1"]);
    let shown = |client: &WireClient| client.connection().unwrap().peer_certificates().unwrap()[0].clone();
    let mut old = WireClient::tls(wall.program.address(0), &options).unwrap();
    assert_eq!(shown(&old), issued.read().0[0]);

    let issued = ca.issue(&["app.example"]);
    wait_until("the new certificate", || {
        let client = WireClient::tls(wall.program.address(0), &options).unwrap();
        (shown(&client) == issued.read().0[0]).then_some(())
    });
    assert_eq!(old.ask(GET).text(), "hello", "open connections go on");
}

#[test]
fn a_running_request_is_answered_before_the_end_and_no_new_client_is_let_in() {
    let release = Release::default();
    let held = release.clone();
    let app = RecordingUpstream::start(move |request| match request.request_line().as_str() {
        "GET /slow HTTP/1.1" => Reply::raw("").hang(&held, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow"),
        _ => Reply::ok("hello"),
    });
    let mut wall = Wall::before(app.address(), Plan { server: "workers = 2", ..Plan::default() });
    let mut slow = wall.tls();
    let mut idle = wall.tls();
    let mut silent = wall.tls();
    let mut h2 = wall.h2();
    h2.get(1, "app.example", "/slow", &[]);
    assert_eq!(idle.ask(GET).text(), "hello");
    slow.send(b"GET /slow HTTP/1.1\r\nHost: app.example\r\n\r\n");
    wait_until("the requests at the app", || (app.requests().len() == 3).then_some(()));
    wall.program.signal("TERM");
    wait_until("new clients to be refused", || TcpStream::connect(wall.program.address(0)).err());
    assert!(idle.is_closed(), "a connection that rests has nothing to wait for");
    release.release();
    let answer = slow.read_response();
    assert_eq!((answer.status, answer.text().as_str()), (200, "slow"));
    assert!(slow.is_closed());
    assert_eq!(h2.outcome(1).status(), Some(200));
    drop(h2);
    assert!(silent.is_closed(), "nor has one on which nothing was ever asked");
    assert!(wall.program.wait_for_exit().success());
}

#[test]
fn a_second_signal_ends_the_wait_for_running_requests() {
    let app = RecordingUpstream::start(|_| Reply::raw("").hang(&Release::default(), ""));
    let mut wall = Wall::before(app.address(), Plan::default());
    let mut waiting = wall.tls();
    waiting.send(GET);
    wait_until("the request at the app", || (app.requests().len() == 1).then_some(()));
    wall.program.signal("TERM");
    wall.program.wait_for_output("draining");
    assert!(wall.program.exited().is_none());
    wall.program.signal("TERM");
    assert!(wall.program.wait_for_exit().success());
    assert!(waiting.is_closed());
}

/// An app that is checked now and then, by a task that must not outlive its configuration.
const CHECKED: &str = "[site.upstream_options]\nhealth = { path = \"/healthz\", interval = \"1s\" }";
