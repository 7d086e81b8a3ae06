//! The request guard: alone, in every split, and under hyper's server.

use std::cell::RefCell;
use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

use crate::wire::fuzzing::{self, requests};
use crate::wire::{Fault, Phase, RequestGuard, WireLimits, WireState};

const STAND_IN: &str = "GET / HTTP/1.1\r\nhost: refused.invalid\r\nconnection: close\r\n\r\n";

#[test]
fn what_passes_is_valid_and_whole() {
    let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    let chunks = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n";
    let close = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let upgrade = "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
    let bad = "GET / HTTP/1.1\nHost: a\n\n";
    for (sent, passed, fault) in [
        (get.to_owned(), get.to_owned(), None),
        (format!("{get}{post}{chunks}{get}"), format!("{get}{post}{chunks}{get}"), None),
        (format!("\r\n{get}\r\n{post}\r\n{get}"), format!("{get}{post}{get}"), None),
        (format!("{get}GET / HT"), get.to_owned(), None),
        (format!("{get}\r"), get.to_owned(), None),
        (format!("{close}{get}{bad}"), close.to_owned(), None),
        (format!("{upgrade}{get}{bad}"), upgrade.to_owned(), None),
        (bad.to_owned(), STAND_IN.to_owned(), Some(Fault::BareLf)),
        (format!("{get}{post}{bad}{get}"), format!("{get}{post}{STAND_IN}"), Some(Fault::BareLf)),
        (format!("\r\n\r\n{get}"), STAND_IN.to_owned(), Some(Fault::BareCr)),
        (format!("{post}){get}"), format!("{post}{STAND_IN}"), Some(Fault::BadMethod)),
    ] {
        let whole = requests(&[sent.as_bytes()], 8192);
        assert_eq!((String::from_utf8_lossy(&whole.bytes).as_ref(), whole.fault), (&*passed, fault), "{sent:?}");
        let single: Vec<&[u8]> = sent.as_bytes().chunks(1).collect();
        assert_eq!(requests(&single, 7), whole, "{sent:?}");
        for at in 0..=sent.len() {
            let (left, right) = sent.as_bytes().split_at(at);
            assert_eq!(requests(&[left, right], 8192), whole, "{sent:?} at {at}");
        }
    }
}

#[test]
fn a_fault_in_a_body_is_an_error_after_what_was_valid() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let passed = requests(&[format!("{head}1\r\nx\r\n-").as_bytes()], 8192);
    assert_eq!(passed.bytes, format!("{head}1\r\nx\r\n").as_bytes());
    assert_eq!((passed.error, passed.fault), (Some(Fault::BadChunkSize), Some(Fault::BadChunkSize)));
    assert_eq!(passed.heads, 1);
}

proptest! {
    #[test]
    fn splits_make_no_difference(
        seed in prop::collection::vec(any::<u8>(), 8),
        parts in prop::collection::vec(prop::sample::select(PARTS), 0..8),
    ) {
        let data = [seed, parts.concat().into_bytes()].concat();
        fuzzing::request_stream(&data);
    }

    #[test]
    fn foreign_bytes_do_no_harm(data in prop::collection::vec(any::<u8>(), 0..200)) {
        fuzzing::request_stream(&data);
        fuzzing::response_stream(&data);
        fuzzing::chunked_body(&data);
    }
}

const PARTS: &[&str] = &[
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
    "3;a\r\nabc\r\n",
    "0\r\n\r\n",
    "0\r\nX: y\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\n",
    "Connection: close\r\n",
    "Connection: upgrade\r\nUpgrade: x\r\n",
    "Content-Length: 2\r\n",
    "\r\n",
    "\n",
    "\r",
    " ",
    ":",
];

/// One connection under hyper; the service answers the path and the body, or the fault.
struct Server {
    client: DuplexStream,
    state: Arc<WireState>,
    seen: Rc<RefCell<Vec<String>>>,
    run: tokio::task::JoinHandle<hyper::Result<()>>,
}

impl Server {
    fn start() -> Self {
        let (client, server) = duplex(64 * 1024);
        let state = Arc::new(WireState::default());
        let seen = Rc::<RefCell<Vec<String>>>::default();
        let (shared, paths, number) = (Arc::clone(&state), Rc::clone(&seen), Rc::<RefCell<u64>>::default());
        let service = service_fn(move |request: Request<Incoming>| {
            let request_number = number.replace_with(|number| *number + 1);
            answer(request, Arc::clone(&shared), Rc::clone(&paths), request_number)
        });
        let guard = RequestGuard::new(server, WireLimits::default(), Arc::clone(&state));
        let run = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(guard), service);
        Self { client, state, seen, run: tokio::task::spawn_local(run.with_upgrades()) }
    }

    async fn send(&mut self, bytes: &str) {
        self.client.write_all(bytes.as_bytes()).await.unwrap();
    }

    async fn read_to_end(&mut self) -> String {
        let mut answer = Vec::new();
        self.client.read_to_end(&mut answer).await.unwrap();
        String::from_utf8(answer).unwrap()
    }

    /// Lets the server run until it waits.
    async fn settle(&self) {
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.borrow().clone()
    }
}

async fn answer(
    request: Request<Incoming>,
    state: Arc<WireState>,
    seen: Rc<RefCell<Vec<String>>>,
    number: u64,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let refusal = |fault: Fault| {
        let mut response = Response::new(Full::from(format!("refused {number}: {fault:?};")));
        *response.status_mut() = StatusCode::BAD_REQUEST;
        response
    };
    if let Some(fault) = state.fault_for(number) {
        return Ok(refusal(fault));
    }
    let path = request.uri().path().to_owned();
    seen.borrow_mut().push(path.clone());
    if path == "/upgrade" {
        let mut response = Response::new(Full::default());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let upgrade = hyper::upgrade::on(request);
        tokio::task::spawn_local(async move {
            let mut stream = TokioIo::new(upgrade.await.unwrap());
            let mut bytes = [0; 4];
            // Nothing may have come through before the word.
            let early = tokio::select! {
                biased;
                _ = stream.read_exact(&mut bytes) => true,
                () = std::future::ready(()) => false,
            };
            assert!(!early);
            state.upgraded();
            stream.read_exact(&mut bytes).await.unwrap();
            stream.write_all(&bytes).await.unwrap();
            stream.shutdown().await.unwrap();
        });
        return Ok(response);
    }
    if path == "/not-upgraded" {
        state.not_upgraded();
    }
    match request.into_body().collect().await {
        Ok(body) => Ok(Response::new(Full::from(format!("{path}={};", String::from_utf8_lossy(&body.to_bytes()))))),
        Err(error) => Ok(refusal(Fault::of(&error).unwrap_or(Fault::BadStatus))),
    }
}

async fn local(test: impl Future<Output = ()>) {
    tokio::task::LocalSet::new().run_until(test).await;
}

/// The bodies of the answers, in order.
fn bodies(answers: &str) -> String {
    answers.split("\r\n\r\n").skip(1).map(|part| part.split_inclusive(';').next().unwrap_or_default()).collect()
}

#[tokio::test]
async fn a_refusal_is_answered_in_its_turn() {
    local(async {
        for (sent, seen, answered) in [
            ("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", vec!["/a"], "/a=;"),
            (
                "GET /a HTTP/1.1\r\nHost: a\r\n\r\nPOST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /c HTTP/1.1\n\n",
                vec!["/a", "/b"],
                "/a=;/b=hi;refused 2: BareLf;",
            ),
            ("GET /a HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\nGET /b", vec![], "refused 0: RepeatedHost;"),
            ("\r\nGET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", vec!["/a"], "/a=;"),
            (
                "GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
                vec!["/a"],
                "/a=;",
            ),
        ] {
            let mut server = Server::start();
            server.send(sent).await;
            let answers = server.read_to_end().await;
            assert_eq!((server.seen(), bodies(&answers)), (seen.iter().map(|s| (*s).to_owned()).collect(), answered.to_owned()), "{sent}");
            server.run.await.unwrap().unwrap();
        }
    })
    .await;
}

#[tokio::test]
async fn a_faulty_body_ends_the_request_and_the_answer_still_goes() {
    local(async {
        let mut server = Server::start();
        server.send("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n").await;
        server.settle().await;
        server.send("-1\r\n").await;
        let answer = server.read_to_end().await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
        assert_eq!(bodies(&answer), "refused 0: BadChunkSize;");
        assert_eq!(server.state.fault_for(0), Some(Fault::BadChunkSize));
        assert_eq!(server.state.fault_for(1), None);
    })
    .await;
}

#[tokio::test]
async fn what_follows_an_upgrade_request_waits_for_the_switch() {
    local(async {
        let mut server = Server::start();
        let head = "HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
        server.send(&format!("GET /upgrade {head}ping")).await;
        let answer = server.read_to_end().await;
        assert!(answer.starts_with("HTTP/1.1 101") && answer.ends_with("\r\n\r\nping"), "{answer}");
        assert_eq!(server.state.phase(), Phase::Upgraded);

        let mut server = Server::start();
        server.send(&format!("GET /not-upgraded {head}GET /b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).await;
        assert_eq!(bodies(&server.read_to_end().await), "/not-upgraded=;/b=;");

        let mut server = Server::start();
        server.send(&format!("GET /a {head}GET /b HTTP/1.1\r\nHost: a\r\n\r\n")).await;
        server.settle().await;
        assert_eq!((server.seen(), server.state.phase()), (vec!["/a".to_owned()], Phase::Upgrading));
    })
    .await;
}

#[tokio::test]
async fn a_sweeper_ends_what_takes_too_long() {
    local(async {
        // A head.
        let mut server = Server::start();
        server.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HT").await;
        server.settle().await;
        assert_eq!(server.state.phase(), Phase::Head);
        assert!(server.state.traffic().read_pending());
        server.state.expire_body(); // not this
        server.settle().await;
        assert_eq!(server.state.fault(), None);
        server.state.expire_head();
        assert_eq!(bodies(&server.read_to_end().await), "/a=;refused 1: HeadTimeout;");

        // A body.
        let mut server = Server::start();
        server.send("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx").await;
        server.settle().await;
        assert_eq!(server.state.phase(), Phase::Body);
        server.state.expire_head(); // not this
        server.settle().await;
        server.state.expire_body();
        assert_eq!(bodies(&server.read_to_end().await), "refused 0: BodyTimeout;");

        // All of it.
        let mut server = Server::start();
        server.settle().await;
        assert_eq!(server.state.phase(), Phase::Idle);
        server.state.traffic().abort();
        assert_eq!(server.read_to_end().await, "");
        assert!(server.run.await.unwrap().is_err());
    })
    .await;
}

#[tokio::test]
async fn a_client_that_leaves_half_way_is_noted() {
    local(async {
        for (sent, cut_short, seen) in [
            ("GET /a HTTP/1.1\r\nHost: a\r\n\r\n", false, 1),
            ("GET /a HTTP/1.1\r\nHo", true, 0),
            ("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx", true, 1),
        ] {
            let mut server = Server::start();
            server.send(sent).await;
            server.settle().await;
            let Server { client, state, seen: paths, run } = server;
            drop(client);
            let _ = run.await.unwrap();
            assert_eq!((state.is_cut_short(), paths.borrow().len()), (cut_short, seen), "{sent}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_lingering_close_waits_for_the_client_or_the_sweeper() {
    for sweeps in [false, true] {
        let (mut client, server) = duplex(1024);
        let state = Arc::new(WireState::default());
        let mut guard = RequestGuard::new(server, WireLimits::default(), Arc::clone(&state)).lingering();
        client.write_all(b"GET / HTTP/1.1\n").await.unwrap();
        let mut stand_in = [0; STAND_IN.len()];
        guard.read_exact(&mut stand_in).await.unwrap();
        guard.write_all(b"HTTP/1.1 400 x\r\n\r\n").await.unwrap();
        client.write_all(b"more").await.unwrap();
        let (shutdown, ()) = tokio::join!(guard.shutdown(), async {
            let mut answer = Vec::new();
            client.read_to_end(&mut answer).await.unwrap();
            assert_eq!(answer, b"HTTP/1.1 400 x\r\n\r\n");
            assert_eq!(state.phase(), Phase::Lingering);
            if sweeps { state.traffic().abort() } else { client.shutdown().await.unwrap() }
        });
        shutdown.unwrap();
        assert_eq!(state.traffic().bytes_read(), 19);
    }
    // Nobody waits for a client that was not refused.
    let (_client, server) = duplex(1024);
    let mut guard = RequestGuard::new(server, WireLimits::default(), Arc::default()).lingering();
    guard.shutdown().await.unwrap();
}

#[tokio::test]
async fn the_largest_heads_are_not_too_large_for_hyper() {
    local(async {
        let close = "Host: a\r\nConnection: close\r\n";
        for (sent, expected) in [
            (format!("GET /a HTTP/1.1\r\n{close}{}\r\n", "X: y\r\n".repeat(98)), "/a=;"),
            (format!("GET /a HTTP/1.1\r\n{close}{}\r\n", "X: y\r\n".repeat(99)), "refused 0: TooManyFields;"),
            (format!("GET /a?{} HTTP/1.1\r\n{close}\r\n", "x".repeat(16 * 1024 - 18)), "/a=;"),
            (
                format!("GET /a?{} HTTP/1.1\r\n{close}\r\n", "x".repeat(16 * 1024 - 17)),
                "refused 0: RequestLineTooLong;",
            ),
            (format!("GET /a HTTP/1.1\r\n{close}X: {}\r\n\r\n", "x".repeat(32 * 1024 - 52)), "/a=;"),
            (
                format!("GET /a HTTP/1.1\r\n{close}X: {}\r\n\r\n", "x".repeat(32 * 1024 - 51)),
                "refused 0: HeadTooLarge;",
            ),
        ] {
            let mut server = Server::start();
            server.send(&sent).await;
            assert_eq!(bodies(&server.read_to_end().await), expected, "{} bytes", sent.len());
        }
    })
    .await;
}

#[tokio::test]
async fn each_request_begins_a_phase() {
    local(async {
        let mut server = Server::start();
        let mut last = server.state.phase_changes();
        for _ in 0..3 {
            server.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n").await;
            server.settle().await;
            assert_eq!(server.state.phase(), Phase::Idle);
            assert_ne!(std::mem::replace(&mut last, server.state.phase_changes()), last);
        }
        assert_eq!(server.state.heads(), 3);
        assert_eq!(server.state.traffic().bytes_read(), 3 * 28);
        assert!(server.state.traffic().bytes_written() > 0);
    })
    .await;
}
