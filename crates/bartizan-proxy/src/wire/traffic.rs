//! What a sweeper sees of a connection from outside, and how it ends one: counters, waits, and a switch.
//!
//! No clock stands here. A sweeper looks from time to time and compares.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::task::{Context, Poll, Waker};

use futures_util::task::AtomicWaker;
use tokio::io::AsyncWrite;

/// The bytes that went through a guard, and on what it waits.
///
/// Atomics although a connection stays on its core: hyper hands a stream over for an upgrade only if it is `Send`.
/// They have one writer each, so relaxed loads and stores do.
#[derive(Debug, Default)]
pub struct Traffic {
    bytes_read: AtomicU64,
    bytes_written: AtomicU64,
    read_pending: AtomicBool,
    write_pending: AtomicBool,
    aborted: AtomicBool,
    reader: AtomicWaker,
    writer: AtomicWaker,
}

impl Traffic {
    /// Returns how many bytes the peer has sent.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read.load(Relaxed)
    }

    /// Returns how many bytes the peer, or its socket buffer, has taken.
    pub fn bytes_written(&self) -> u64 {
        self.bytes_written.load(Relaxed)
    }

    /// Whether bytes are wanted and the peer sends none. False while it is we who do not ask.
    pub fn read_pending(&self) -> bool {
        self.read_pending.load(Relaxed)
    }

    /// Whether bytes are to go out and the peer takes none.
    pub fn write_pending(&self) -> bool {
        self.write_pending.load(Relaxed)
    }

    /// Whether `abort` was called.
    pub fn is_aborted(&self) -> bool {
        self.aborted.load(Relaxed)
    }

    /// Makes every read and write fail from now on, those that wait included.
    pub fn abort(&self) {
        self.aborted.store(true, Relaxed);
        self.reader.wake();
        self.writer.wake();
    }

    pub(super) fn check(&self) -> io::Result<()> {
        if self.is_aborted() { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }

    pub(super) fn count_read(&self, bytes: usize) {
        self.bytes_read.store(self.bytes_read().wrapping_add(bytes as u64), Relaxed);
    }

    pub(super) fn wake_reader(&self) {
        self.reader.wake();
    }

    /// Notes how a read ended, and who is to be woken when it has not.
    pub(super) fn note_read<T>(&self, result: &Poll<T>, waker: &Waker) {
        self.read_pending.store(result.is_pending(), Relaxed);
        if result.is_pending() {
            self.reader.register(waker);
            // An abort between the check and the registration must not be slept through.
            if self.is_aborted() {
                waker.wake_by_ref();
            }
        }
    }

    fn note_write<T>(&self, result: &Poll<T>, waker: &Waker) {
        self.write_pending.store(result.is_pending(), Relaxed);
        if result.is_pending() {
            self.writer.register(waker);
            if self.is_aborted() {
                waker.wake_by_ref();
            }
        }
    }

    fn note_written(&self, result: &Poll<io::Result<usize>>, waker: &Waker) {
        self.note_write(result, waker);
        if let Poll::Ready(Ok(bytes)) = result {
            self.bytes_written.store(self.bytes_written().wrapping_add(*bytes as u64), Relaxed);
        }
    }

    pub(super) fn poll_write<S: AsyncWrite + Unpin>(
        &self,
        io: &mut S,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        let result = Pin::new(io).poll_write(cx, bytes);
        self.note_written(&result, cx.waker());
        result
    }

    pub(super) fn poll_write_vectored<S: AsyncWrite + Unpin>(
        &self,
        io: &mut S,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check()?;
        let result = Pin::new(io).poll_write_vectored(cx, slices);
        self.note_written(&result, cx.waker());
        result
    }

    pub(super) fn poll_flush<S: AsyncWrite + Unpin>(&self, io: &mut S, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.check()?;
        let result = Pin::new(io).poll_flush(cx);
        self.note_write(&result, cx.waker());
        result
    }

    pub(super) fn poll_shutdown<S: AsyncWrite + Unpin>(
        &self,
        io: &mut S,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        self.check()?;
        let result = Pin::new(io).poll_shutdown(cx);
        self.note_write(&result, cx.waker());
        result
    }
}
