//! Entry points for fuzz targets: bytes of a peer in pieces, and what must hold of whatever passes.
//!
//! They panic where a property is broken; the tests of the guards use the same runs.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{
    Asked, Chunked, Fault, Followed, Outcome, RequestGuard, ResponseGuard, UpstreamWire, WireLimits, WireState,
};

/// What came through a guard, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passed {
    /// The bytes that hyper would have seen.
    pub bytes: Vec<u8>,
    /// The error of the last read, if it had one.
    pub error: Option<Fault>,
    /// The fault noted in the shared state.
    pub fault: Option<Fault>,
    /// How many heads a request guard let through.
    pub heads: u64,
}

/// The first eight bytes say how the rest is cut; what passes does not depend on it, and passes again.
pub fn request_stream(data: &[u8]) {
    let (bytes, pieces) = cut(data);
    let whole = requests(&[bytes], BUFFER);
    assert_eq!(requests(&pieces, 1 + data.len() % 61), whole, "pieces differ from the whole");
    let again = requests(&[&whole.bytes], BUFFER);
    assert_eq!((&again.bytes, again.fault), (&whole.bytes, None), "what passed is not valid");
}

/// As `request_stream`, for the answer to a request.
pub fn response_stream(data: &[u8]) {
    let (bytes, pieces) = cut(data);
    for asked in [Asked::Head, Asked::Other, Asked::Upgrade] {
        let whole = response(&[bytes], asked, BUFFER);
        assert_eq!(response(&pieces, asked, 1 + data.len() % 61), whole, "pieces differ from the whole");
        let again = response(&[&whole.bytes], asked, BUFFER);
        assert_eq!((&again.bytes, again.fault), (&whole.bytes, None), "what passed is not valid");
    }
}

/// As `request_stream`, for a body in chunks.
pub fn chunked_body(data: &[u8]) {
    let (bytes, pieces) = cut(data);
    let limits = WireLimits::default();
    let whole = Chunked::default().follow(bytes, &limits);
    let mut chunked = Chunked::default();
    let mut sum = Followed { length: 0, outcome: Outcome::Unfinished };
    for piece in pieces {
        let followed = chunked.follow(piece, &limits);
        sum = Followed { length: sum.length + followed.length, ..followed };
        if followed.outcome != Outcome::Unfinished {
            break;
        }
    }
    assert_eq!(sum, whole, "pieces differ from the whole");
    assert!(whole.length <= bytes.len());
}

/// Sends pieces through a request guard, read with a buffer of this size.
pub fn requests(pieces: &[&[u8]], buffer: usize) -> Passed {
    let state = Arc::new(WireState::default());
    let mut guard = RequestGuard::new(Pieces::new(pieces), WireLimits::default(), Arc::clone(&state));
    let (bytes, error) = read_all(&mut guard, buffer);
    Passed { bytes, error, fault: state.fault(), heads: state.heads() }
}

/// Sends pieces through a response guard as the answer to one request.
pub fn response(pieces: &[&[u8]], asked: Asked, buffer: usize) -> Passed {
    let wire = Arc::new(UpstreamWire::default());
    let mut guard = ResponseGuard::new(Pieces::new(pieces), WireLimits::default(), Arc::clone(&wire));
    wire.expect(asked);
    let sent = Pin::new(&mut guard).poll_write(&mut Context::from_waker(Waker::noop()), b"GET");
    assert!(sent.is_ready());
    let (bytes, error) = read_all(&mut guard, buffer);
    Passed { bytes, error, fault: wire.fault(), heads: 0 }
}

fn read_all(stream: &mut (impl AsyncRead + Unpin), buffer: usize) -> (Vec<u8>, Option<Fault>) {
    let mut bytes = Vec::new();
    let mut space = vec![0; buffer];
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        let mut buf = ReadBuf::new(&mut space);
        match Pin::new(&mut *stream).poll_read(&mut cx, &mut buf) {
            Poll::Ready(Ok(())) if !buf.filled().is_empty() => bytes.extend_from_slice(buf.filled()),
            Poll::Ready(Err(error)) => return (bytes, Fault::of(&error)),
            Poll::Ready(Ok(())) | Poll::Pending => return (bytes, None),
        }
    }
}

fn cut(data: &[u8]) -> (&[u8], Vec<&[u8]>) {
    let (sizes, bytes) = data.split_at(data.len().min(8));
    let mut pieces = Vec::new();
    let mut rest = bytes;
    let mut sizes = sizes.iter().cycle();
    while !rest.is_empty() {
        let size = sizes.next().map_or(1, |size| usize::from(size % 32) + 1);
        let (piece, after) = rest.split_at(size.min(rest.len()));
        pieces.push(piece);
        rest = after;
    }
    (bytes, pieces)
}

/// A peer that sends pieces, then nothing more without closing, and takes whatever is written.
#[derive(Debug)]
struct Pieces(VecDeque<Vec<u8>>);

impl Pieces {
    fn new(pieces: &[&[u8]]) -> Self {
        Self(pieces.iter().filter(|piece| !piece.is_empty()).map(|piece| piece.to_vec()).collect())
    }
}

impl AsyncRead for Pieces {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let pieces = &mut self.get_mut().0;
        let Some(mut piece) = pieces.pop_front() else { return Poll::Pending };
        let rest = piece.split_off(piece.len().min(buf.remaining()));
        buf.put_slice(&piece);
        if !rest.is_empty() {
            pieces.push_front(rest);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Pieces {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// What hyper reads with at first.
const BUFFER: usize = 8192;
