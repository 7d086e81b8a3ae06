//! The guard between an upstream's stream and hyper's HTTP/1 client.
//!
//! A response head is held back until it is complete and strictly valid; a faulty one is an error of the read, and so
//! are bytes that belong to no exchange. They are never delivered: no byte of one exchange reaches another.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::fault::Fault;
use super::held::Held;
use super::limits::WireLimits;
use super::response_stream::{Judged, ResponseStream, UpstreamPhase};
use super::upstream_wire::UpstreamWire;

/// An upstream's stream of which hyper sees only valid responses, each to its request.
#[derive(Debug)]
pub struct ResponseGuard<S> {
    io: S,
    stream: ResponseStream,
    held: Held,
    fault: Option<Fault>,
    exchange: u64,
    wire: Arc<UpstreamWire>,
}

impl<S> ResponseGuard<S> {
    /// Guards a stream from its first byte; the wire is shared with the exchange.
    pub fn new(io: S, limits: WireLimits, wire: Arc<UpstreamWire>) -> Self {
        let stream = ResponseStream::new(limits);
        Self { io, stream, held: Held::default(), fault: None, exchange: wire.exchanges(), wire }
    }

    /// Returns the guarded stream.
    pub fn inner(&self) -> &S {
        &self.io
    }

    /// Returns what this guard shares.
    pub fn wire(&self) -> &Arc<UpstreamWire> {
        &self.wire
    }

    /// Takes notice of a request that was announced.
    fn follow_exchange(&mut self) {
        let announced = self.wire.exchanges();
        if announced != self.exchange {
            self.exchange = announced;
            if let Err(fault) = self.stream.expect(self.wire.asked()) {
                self.fail(fault);
            }
            self.publish();
        }
    }

    fn fail(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
        self.stream.fail();
        self.wire.fail(fault);
        self.held.forget();
    }

    fn publish(&self) {
        let phase = self.stream.phase();
        self.wire.publish(phase);
        if phase == UpstreamPhase::Upgraded || (phase == UpstreamPhase::Idle && !self.stream.is_reusable()) {
            self.wire.note_spent();
        }
    }

    fn note_written(&mut self, result: &Poll<io::Result<usize>>) {
        if matches!(result, Poll::Ready(Ok(1..))) && self.stream.sent() {
            self.wire.note_sent();
        }
    }
}

impl<S: AsyncRead + Unpin> ResponseGuard<S> {
    fn fill(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            self.wire.traffic().check()?;
            if self.held.deliver(buf) {
                return Poll::Ready(Ok(()));
            }
            if let Some(fault) = self.fault {
                return Poll::Ready(Err(fault.into()));
            }
            let before = buf.filled().len();
            ready!(Pin::new(&mut self.io).poll_read(cx, buf))?;
            let fresh = buf.filled().get(before..).unwrap_or_default();
            if fresh.is_empty() {
                if self.stream.is_cut_short_by_end() {
                    self.wire.note_cut_short();
                }
                self.wire.note_spent();
                return Poll::Ready(Ok(()));
            }
            self.wire.traffic().count_read(fresh.len());
            let fault = if self.held.is_empty() {
                let Judged { passed, fault } = self.stream.judge(fresh);
                self.held.push(fresh.get(passed..).unwrap_or_default());
                buf.set_filled(before + passed);
                fault
            } else {
                self.held.push(fresh);
                buf.set_filled(before);
                let Judged { passed, fault } = self.stream.judge(self.held.waiting());
                self.held.release(passed);
                fault
            };
            if let Some(fault) = fault {
                self.fail(fault);
            }
            self.publish();
            if buf.filled().len() > before {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for ResponseGuard<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if buf.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        this.follow_exchange();
        let result = this.fill(cx, buf);
        this.wire.traffic().note_read(&result, cx.waker());
        result
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for ResponseGuard<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.follow_exchange();
        let result = this.wire.traffic().poll_write(&mut this.io, cx, bytes);
        this.note_written(&result);
        result
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.follow_exchange();
        let result = this.wire.traffic().poll_write_vectored(&mut this.io, cx, slices);
        this.note_written(&result);
        result
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.wire.traffic().poll_flush(&mut this.io, cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.wire.traffic().poll_shutdown(&mut this.io, cx)
    }
}
