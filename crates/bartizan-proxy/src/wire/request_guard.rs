//! The guard between a client's stream and hyper's HTTP/1 server.
//!
//! hyper forgives much: bare line feeds, two hosts, both length fields. It never sees any of it, since each head is
//! held back until it is complete and strictly valid. In place of a faulty head it is given a stand-in, so that the
//! refusal is answered in its turn, after the requests before it. A fault inside a body is an error of the read: hyper
//! then ends the request's body with it, reads no more, still writes the answer, and closes (without saying so: the
//! `Connection: close` of that answer is the service's to add).

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::fault::Fault;
use super::held::Held;
use super::limits::WireLimits;
use super::request_stream::{Judged, Phase, RequestStream, Rest};
use super::surplus::Surplus;
use super::wire_state::{Decision, WireState};

/// A client's stream of which hyper sees only valid requests.
#[derive(Debug)]
pub struct RequestGuard<S> {
    io: S,
    stream: RequestStream,
    held: Held,
    /// What waits is to be judged again before more is read.
    again: bool,
    refusal: Refusal,
    ended: bool,
    surplus: Surplus,
    closing: Closing,
    state: Arc<WireState>,
}

#[derive(Clone, Copy, Debug)]
enum Refusal {
    None,
    /// The stand-in has been delivered up to here.
    Head {
        delivered: usize,
    },
    Body(Fault),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closing {
    AtOnce,
    Lingering,
}

impl<S> RequestGuard<S> {
    /// Guards a stream from its first byte; the state is shared with the service and the sweeper.
    pub fn new(io: S, limits: WireLimits, state: Arc<WireState>) -> Self {
        Self {
            io,
            stream: RequestStream::new(limits),
            held: Held::default(),
            again: false,
            refusal: Refusal::None,
            ended: false,
            surplus: Surplus::default(),
            closing: Closing::AtOnce,
            state,
        }
    }

    /// Waits, after our side is closed, for a client that was refused in the middle of sending: bytes that meet a closed
    /// socket reset the connection, and the answer with it. The phase is then `Lingering`, and only a sweeper that
    /// aborts it after a while bounds the wait.
    pub fn lingering(mut self) -> Self {
        self.closing = Closing::Lingering;
        self
    }

    /// Returns the guarded stream.
    pub fn inner(&self) -> &S {
        &self.io
    }

    /// Returns the stream itself; what is held is lost.
    pub fn into_inner(self) -> S {
        self.io
    }

    /// Returns what this guard shares.
    pub fn state(&self) -> &Arc<WireState> {
        &self.state
    }

    fn judge_held(&mut self) {
        loop {
            let Judged { passed, rest } = self.stream.judge(self.held.waiting());
            if passed == 0 && rest == Rest::Again {
                let empty_line = self.stream.skip_empty_line();
                self.held.skip(empty_line);
                continue;
            }
            self.held.release(passed);
            return self.settle(rest);
        }
    }

    fn settle(&mut self, rest: Rest) {
        match rest {
            Rest::Again => self.again = true,
            Rest::Drop => self.held.forget(),
            Rest::Keep => {}
            Rest::RefuseBody(fault) | Rest::RefuseHead(fault) => self.refuse(fault),
        }
        self.publish();
    }

    fn refuse(&mut self, fault: Fault) {
        self.refusal =
            if self.stream.phase() == Phase::Body { Refusal::Body(fault) } else { Refusal::Head { delivered: 0 } };
        let request = self.stream.refuse();
        self.state.refuse(request, fault);
        self.held.forget();
        self.publish();
    }

    fn publish(&self) {
        let stand_in = matches!(self.refusal, Refusal::Head { .. });
        self.state.publish(self.stream.phase(), self.stream.heads() + u64::from(stand_in));
    }

    fn end(&mut self) {
        self.ended = true;
        if self.stream.phase() == Phase::Body || (self.stream.phase() == Phase::Head && !self.held.is_empty()) {
            self.state.note_cut_short();
        }
    }
}

impl<S: AsyncRead + Unpin> RequestGuard<S> {
    fn fill(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        loop {
            self.state.traffic().check()?;
            if self.held.deliver(buf) {
                return Poll::Ready(Ok(()));
            }
            if std::mem::take(&mut self.again) {
                self.judge_held();
                continue;
            }
            if let Some(fault) = self.state.take_expired() {
                self.refuse(fault);
            }
            match self.refusal {
                Refusal::None => {}
                Refusal::Head { delivered } => match STAND_IN.get(delivered..) {
                    Some(rest) if !rest.is_empty() => {
                        let rest = rest.get(..rest.len().min(buf.remaining())).unwrap_or_default();
                        buf.put_slice(rest);
                        self.refusal = Refusal::Head { delivered: delivered + rest.len() };
                        return Poll::Ready(Ok(()));
                    }
                    // Not even the end of the stream is passed on: hyper would drop the answer.
                    _ => {
                        ready!(self.poll_drop(cx, buf))?;
                        return Poll::Pending;
                    }
                },
                Refusal::Body(fault) => return Poll::Ready(Err(fault.into())),
            }
            match self.stream.phase() {
                Phase::Upgrading => match self.state.take_decision() {
                    Some(Decision::Upgraded) => {
                        self.stream.upgraded();
                        self.judge_held();
                        continue;
                    }
                    Some(Decision::NotUpgraded) => {
                        self.stream.not_upgraded();
                        self.publish();
                        self.judge_held();
                        continue;
                    }
                    None => {
                        ready!(self.poll_hold(cx, buf))?;
                        // A client that leaves before the answer is reported, unless bytes of it still wait.
                        return if self.held.is_empty() { Poll::Ready(Ok(())) } else { Poll::Pending };
                    }
                },
                Phase::Last => return self.poll_drop(cx, buf),
                _ if self.ended => return Poll::Ready(Ok(())),
                _ => {}
            }
            let before = buf.filled().len();
            ready!(self.poll_judge(cx, buf))?;
            if self.ended || buf.filled().len() > before {
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// Reads once, and leaves in `buf` what may pass; in the usual case nothing is copied.
    fn poll_judge(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(cx, buf))?;
        let fresh = buf.filled().get(before..).unwrap_or_default();
        if fresh.is_empty() {
            self.end();
            return Poll::Ready(Ok(()));
        }
        self.state.traffic().count_read(fresh.len());
        if !self.held.is_empty() {
            self.held.push(fresh);
            buf.set_filled(before);
            self.judge_held();
            return Poll::Ready(Ok(()));
        }
        let Judged { passed, rest } = self.stream.judge(fresh);
        self.held.push(fresh.get(passed..).unwrap_or_default());
        buf.set_filled(before + passed);
        self.settle(rest);
        Poll::Ready(Ok(()))
    }

    /// Keeps what follows a request for an upgrade; ready at the end of the stream.
    fn poll_hold(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        while !self.ended {
            let room = self.stream.limits().upgrade_held_bytes.saturating_sub(self.held.waiting().len());
            if room == 0 {
                return Poll::Pending;
            }
            let mut scratch = buf.take(room);
            ready!(Pin::new(&mut self.io).poll_read(cx, &mut scratch))?;
            let fresh = scratch.filled();
            self.state.traffic().count_read(fresh.len());
            self.held.push(fresh);
            self.ended = fresh.is_empty();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_drop(&mut self, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if !self.ended {
            ready!(self.surplus.poll_drop(&mut self.io, cx, buf, self.state.traffic()))?;
            self.ended = true;
        }
        Poll::Ready(Ok(()))
    }

    /// Drops what a refused client still sends. An error, an abort or enough of it end the wait: all is answered.
    fn poll_linger(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut scratch = [MaybeUninit::uninit(); 4096];
        let result = self.poll_drop(cx, &mut ReadBuf::uninit(&mut scratch));
        self.state.traffic().note_read(&result, cx.waker());
        let waits = self.closing == Closing::Lingering && !self.surplus.is_enough();
        if result.is_pending() && waits && !self.state.traffic().is_aborted() {
            return Poll::Pending;
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for RequestGuard<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if buf.remaining() == 0 {
            return Poll::Ready(Ok(()));
        }
        let result = this.fill(cx, buf);
        this.state.traffic().note_read(&result, cx.waker());
        if result.is_pending() && this.state.has_news() {
            cx.waker().wake_by_ref();
        }
        result
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for RequestGuard<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.state.traffic().poll_write(&mut this.io, cx, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.state.traffic().poll_write_vectored(&mut this.io, cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.state.traffic().poll_flush(&mut this.io, cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if this.state.phase() != Phase::Lingering {
            ready!(this.state.traffic().poll_shutdown(&mut this.io, cx))?;
            if !matches!(this.stream.phase(), Phase::Body | Phase::Refused) {
                return Poll::Ready(Ok(()));
            }
            if this.closing == Closing::Lingering {
                this.state.publish(Phase::Lingering, this.state.heads());
            }
        }
        this.poll_linger(cx)
    }
}

/// What hyper reads in place of a faulty head. It ends the connection by itself, should the answer not.
const STAND_IN: &[u8] = b"GET / HTTP/1.1\r\nhost: refused.invalid\r\nconnection: close\r\n\r\n";
