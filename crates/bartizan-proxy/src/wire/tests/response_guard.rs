//! The response guard: alone, in every split, and under hyper's client.

use std::sync::Arc;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

use crate::wire::fuzzing::{self, response};
use crate::wire::{Asked, Fault, ResponseGuard, UpstreamPhase, UpstreamWire, WireLimits};

#[test]
fn what_passes_is_one_answer() {
    use Fault::*;
    let whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    let chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
    let open = "HTTP/1.1 200 OK\r\n\r\n";
    let interim = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
    let none = "HTTP/1.1 204 No Content\r\n\r\n";
    let switch = "HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n";
    let bad = "HTTP/1.1 200 OK\nX: y\n\n";
    for (asked, sent, passed, fault) in [
        (Asked::Other, whole.to_owned(), whole.to_owned(), None),
        (Asked::Other, chunks.to_owned(), chunks.to_owned(), None),
        (Asked::Other, format!("{interim}{interim}{whole}"), format!("{interim}{interim}{whole}"), None),
        (Asked::Other, interim.repeat(10) + whole, interim.repeat(10) + whole, None),
        (Asked::Other, format!("{open}anything{bad}"), format!("{open}anything{bad}"), None),
        (Asked::Upgrade, format!("{switch}\0\n"), format!("{switch}\0\n"), None),
        (Asked::Upgrade, whole.to_owned(), whole.to_owned(), None),
        (
            Asked::Head,
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n".into(),
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n".into(),
            None,
        ),
        (Asked::Other, bad.to_owned(), String::new(), Some(BareLf)),
        (Asked::Other, switch.to_owned(), String::new(), Some(UnexpectedUpgrade)),
        (Asked::Other, format!("{interim}{bad}"), interim.to_owned(), Some(BareLf)),
        (Asked::Other, format!("{whole}{whole}"), whole.to_owned(), Some(BytesAfterResponse)),
        (Asked::Other, format!("{chunks}x"), chunks.to_owned(), Some(BytesAfterResponse)),
        (Asked::Other, format!("{none}x"), none.to_owned(), Some(BytesAfterResponse)),
        (
            Asked::Other,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2x".into(),
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2".into(),
            Some(BadChunkSize),
        ),
    ] {
        let at_once = response(&[sent.as_bytes()], asked, 8192);
        assert_eq!((String::from_utf8_lossy(&at_once.bytes).as_ref(), at_once.fault), (&*passed, fault), "{sent:?}");
        assert_eq!(at_once.error, fault, "{sent:?}");
        let single: Vec<&[u8]> = sent.as_bytes().chunks(1).collect();
        assert_eq!(response(&single, asked, 7), at_once, "{sent:?}");
        for at in 0..=sent.len() {
            let (left, right) = sent.as_bytes().split_at(at);
            assert_eq!(response(&[left, right], asked, 8192), at_once, "{sent:?} at {at}");
        }
    }
    let many = interim.repeat(11) + whole;
    assert_eq!(response(&[many.as_bytes()], Asked::Other, 8192).fault, Some(TooManyInterimResponses));
}

proptest! {
    #[test]
    fn splits_make_no_difference(
        seed in prop::collection::vec(any::<u8>(), 8),
        parts in prop::collection::vec(prop::sample::select(PARTS), 0..8),
    ) {
        let data = [seed, parts.concat().into_bytes()].concat();
        fuzzing::response_stream(&data);
    }
}

const PARTS: &[&str] = &[
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 204 No Content\r\n\r\n",
    "HTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    "Content-Length: 2\r\n\r\n",
    "Transfer-Encoding: chunked\r\n\r\n",
    "2\r\nhi\r\n0\r\n\r\n",
    "Connection: close\r\n",
    "hi",
    "\r\n",
    "\n",
    "\r",
];

/// A guarded connection to an upstream that the test plays.
struct Upstream {
    far: DuplexStream,
    wire: Arc<UpstreamWire>,
    sender: SendRequest<Empty<Bytes>>,
    run: tokio::task::JoinHandle<hyper::Result<()>>,
}

impl Upstream {
    async fn start() -> Self {
        let (near, far) = duplex(64 * 1024);
        let wire = Arc::new(UpstreamWire::default());
        let guard = ResponseGuard::new(near, WireLimits::default(), Arc::clone(&wire));
        let (sender, run) = handshake(TokioIo::new(guard)).await.unwrap();
        Self { far, wire, sender, run: tokio::spawn(run) }
    }

    /// One exchange: what the client got, given what the upstream sends after it has read the request.
    async fn exchange(&mut self, answer: &str) -> Result<String, hyper::Error> {
        self.wire.expect(Asked::Other);
        let request = Request::get("/").header("host", "a").body(Empty::new()).unwrap();
        let response = self.sender.send_request(request);
        let far = &mut self.far;
        let (response, ()) = tokio::join!(response, answer_with(far, answer.as_bytes()));
        let body = response?.into_body().collect().await?.to_bytes();
        Ok(String::from_utf8_lossy(&body).into_owned())
    }
}

/// Reads a request without a body and sends the answer to it.
async fn answer_with(far: &mut DuplexStream, answer: &[u8]) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(far.read_u8().await.unwrap());
    }
    far.write_all(answer).await.unwrap();
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

#[tokio::test]
async fn valid_answers_leave_the_connection_usable() {
    let mut upstream = Upstream::start().await;
    for _ in 0..3 {
        assert_eq!(upstream.exchange(OK).await.unwrap(), "hi");
        assert!(upstream.wire.is_sent() && upstream.wire.is_reusable());
        assert_eq!(upstream.wire.phase(), UpstreamPhase::Idle);
        upstream.sender.ready().await.unwrap();
    }
    assert_eq!(
        upstream.exchange("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx").await.unwrap(),
        "x"
    );
    assert!(!upstream.wire.is_reusable());
    assert_eq!(upstream.wire.fault(), None);
}

#[tokio::test]
async fn an_invalid_answer_is_an_error_that_names_its_fault() {
    for (answer, fault) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", Fault::RepeatedContentLength),
        ("HTTP/1.1 200 OK\nContent-Length: 1\n\nx", Fault::BareLf),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy", Fault::BadChunkEnd),
        ("<html>", Fault::BadStatusLine),
    ] {
        let mut upstream = Upstream::start().await;
        let error = upstream.exchange(answer).await.unwrap_err();
        assert_eq!((Fault::of(&error), upstream.wire.fault()), (Some(fault), Some(fault)), "{answer}");
        assert!(!upstream.wire.is_reusable());
    }
}

#[tokio::test]
async fn bytes_of_no_exchange_end_the_connection() {
    // Behind an answer.
    let mut upstream = Upstream::start().await;
    assert_eq!(upstream.exchange(&format!("{OK}{OK}")).await.unwrap(), "hi");
    assert!(!upstream.wire.is_reusable());
    assert_eq!(upstream.wire.fault(), Some(Fault::BytesAfterResponse));

    // Before any question; a request that comes too late to notice is not answered with them.
    let mut upstream = Upstream::start().await;
    upstream.far.write_all(OK.as_bytes()).await.unwrap();
    let error = upstream.run.await.unwrap().unwrap_err();
    assert_eq!(Fault::of(&error), Some(Fault::UnsolicitedResponse));
    assert!(!upstream.wire.is_reusable());

    // After the announcement, but before a byte of the request went out.
    let mut upstream = Upstream::start().await;
    upstream.wire.expect(Asked::Other);
    upstream.far.write_all(OK.as_bytes()).await.unwrap();
    let error = upstream.run.await.unwrap().unwrap_err();
    assert_eq!(Fault::of(&error), Some(Fault::UnsolicitedResponse));
    assert!(!upstream.wire.is_sent());
}

#[tokio::test]
async fn an_answer_cut_short_is_noted() {
    for (answer, cut_short) in [
        ("", false),
        ("HTTP/1.1 200", true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx", true),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n", true),
        ("HTTP/1.1 200 OK\r\n\r\nx", false),
    ] {
        let (near, mut far) = duplex(1024);
        let wire = Arc::new(UpstreamWire::default());
        let mut guard = ResponseGuard::new(near, WireLimits::default(), Arc::clone(&wire));
        wire.expect(Asked::Other);
        guard.write_all(b"GET").await.unwrap();
        far.write_all(answer.as_bytes()).await.unwrap();
        drop(far);
        let mut seen = Vec::new();
        guard.read_to_end(&mut seen).await.unwrap();
        assert_eq!((wire.is_cut_short(), wire.is_reusable(), wire.fault()), (cut_short, false, None), "{answer}");
    }
}

#[tokio::test]
async fn a_second_request_does_not_overtake_an_answer() {
    let (near, mut far) = duplex(1024);
    let wire = Arc::new(UpstreamWire::default());
    let mut guard = ResponseGuard::new(near, WireLimits::default(), Arc::clone(&wire));
    wire.expect(Asked::Other);
    guard.write_all(b"GET").await.unwrap();
    far.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx").await.unwrap();
    let mut seen = [0; 39];
    guard.read_exact(&mut seen).await.unwrap();
    wire.expect(Asked::Other);
    let error = guard.read_u8().await.unwrap_err();
    assert_eq!(Fault::of(&error), Some(Fault::UnsolicitedResponse));
    assert!(!wire.is_reusable());
}

#[tokio::test]
async fn after_a_switch_bytes_pass_both_ways() {
    let (near, mut far) = duplex(1024);
    let wire = Arc::new(UpstreamWire::default());
    let guard = ResponseGuard::new(near, WireLimits::default(), Arc::clone(&wire));
    let (mut sender, run) = handshake(TokioIo::new(guard)).await.unwrap();
    tokio::spawn(run.with_upgrades());
    wire.expect(Asked::Upgrade);
    let request = Request::get("/").header("host", "a").header("connection", "upgrade").header("upgrade", "x");
    let response = sender.send_request(request.body(Empty::<Bytes>::new()).unwrap());
    let switch = b"HTTP/1.1 103 x\r\n\r\nHTTP/1.1 101 x\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n\0\nHTTP";
    let (response, ()) = tokio::join!(response, answer_with(&mut far, switch));
    let mut stream = TokioIo::new(hyper::upgrade::on(response.unwrap()).await.unwrap());
    let mut bytes = [0; 6];
    stream.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"\0\nHTTP");
    assert_eq!((wire.phase(), wire.is_reusable(), wire.fault()), (UpstreamPhase::Upgraded, false, None));
}

#[tokio::test]
async fn an_abort_wakes_who_waits() {
    let (near, _far) = duplex(8);
    let wire = Arc::new(UpstreamWire::default());
    let guard = ResponseGuard::new(near, WireLimits::default(), Arc::clone(&wire));
    let (mut reader, mut writer) = tokio::io::split(guard);
    let (read, written, ()) = tokio::join!(reader.read_u8(), writer.write_all(&[0; 64]), async {
        assert!(wire.traffic().read_pending() && wire.traffic().write_pending());
        assert_eq!(wire.traffic().bytes_written(), 8);
        wire.traffic().abort();
    });
    for error in [read.unwrap_err(), written.unwrap_err()] {
        assert_eq!((error.kind(), Fault::of(&error)), (std::io::ErrorKind::ConnectionAborted, None));
    }
}
