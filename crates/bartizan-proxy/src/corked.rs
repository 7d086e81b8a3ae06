//! A stream that holds small writes back until the connection's turn is over.
//!
//! HTTP/2 writes each frame by itself; answers that are ready together would cost a TLS record and a
//! system call each. Here they leave together: hyper's flush is answered at once, and the task that drives
//! the connection sends what is held after each of hyper's turns.

use std::cell::RefCell;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The end of the stream that hyper writes to.
#[derive(Debug)]
pub(crate) struct Corked<S>(Rc<RefCell<Cork<S>>>);

/// The end of the stream that decides when it is sent.
#[derive(Debug)]
pub(crate) struct Uncork<S>(Rc<RefCell<Cork<S>>>);

#[derive(Debug)]
struct Cork<S> {
    stream: S,
    held: Vec<u8>,
    sent: usize,
}

/// Returns both ends of a stream.
pub(crate) fn cork<S>(stream: S) -> (Corked<S>, Uncork<S>) {
    let cork = Rc::new(RefCell::new(Cork { stream, held: Vec::new(), sent: 0 }));
    (Corked(Rc::clone(&cork)), Uncork(cork))
}

impl<S: AsyncWrite + Unpin> Uncork<S> {
    /// Sends what is held; to be called after each turn of the connection, and before the first of the next.
    pub(crate) fn poll_send(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let cork = &mut *self.0.borrow_mut();
        ready!(cork.poll_send(cx))?;
        Pin::new(&mut cork.stream).poll_flush(cx)
    }
}

impl<S: AsyncWrite + Unpin> Cork<S> {
    fn poll_send(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(rest @ [_, ..]) = self.held.get(self.sent..) {
            match ready!(Pin::new(&mut self.stream).poll_write(cx, rest))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                sent => self.sent += sent,
            }
        }
        // Freed, not kept: most connections are idle most of the time.
        self.held = Vec::new();
        self.sent = 0;
        Poll::Ready(Ok(()))
    }

    /// Makes sure that so many bytes can be held; `false` for a write that is better sent at once.
    fn poll_room(&mut self, cx: &mut Context<'_>, bytes: usize) -> Poll<io::Result<bool>> {
        let is_small = bytes <= HELD / 2;
        // A write that is sent at once must not overtake what is held.
        if !is_small || self.held.len() + bytes > HELD {
            ready!(self.poll_send(cx))?;
        }
        Poll::Ready(Ok(is_small))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Corked<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0.borrow_mut().stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Corked<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let cork = &mut *self.0.borrow_mut();
        if ready!(cork.poll_room(cx, bytes.len()))? {
            cork.held.extend_from_slice(bytes);
            return Poll::Ready(Ok(bytes.len()));
        }
        Pin::new(&mut cork.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let cork = &mut *self.0.borrow_mut();
        let bytes = pieces.iter().map(|piece| piece.len()).sum();
        if ready!(cork.poll_room(cx, bytes))? {
            pieces.iter().for_each(|piece| cork.held.extend_from_slice(piece));
            return Poll::Ready(Ok(bytes));
        }
        Pin::new(&mut cork.stream).poll_write_vectored(cx, pieces)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let cork = &mut *self.0.borrow_mut();
        ready!(cork.poll_send(cx))?;
        Pin::new(&mut cork.stream).poll_shutdown(cx)
    }
}

/// One TLS record.
const HELD: usize = 16 * 1024;

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn small_writes_leave_together_and_large_ones_at_once() {
        let (near, mut far) = tokio::io::duplex(64 * 1024);
        let (mut corked, uncork) = cork(near);
        corked.write_all(b"one").await.unwrap();
        corked.flush().await.unwrap();
        corked.write_all(b"two").await.unwrap();
        let mut room = [0; 64];
        let read = tokio::time::timeout(std::time::Duration::from_millis(20), far.read(&mut room)).await;
        assert!(read.is_err(), "held back");
        poll_fn(|cx| uncork.poll_send(cx)).await.unwrap();
        assert_eq!(far.read(&mut room).await.unwrap(), 6);
        corked.write_all(b"three").await.unwrap();
        corked.write_all(&[7; HELD]).await.unwrap();
        let mut all = vec![0; 5 + HELD];
        far.read_exact(&mut all).await.unwrap();
        assert!(all.starts_with(b"three\x07") && all.ends_with(b"\x07"), "in order");
        corked.write_all(b"end").await.unwrap();
        corked.shutdown().await.unwrap();
        let mut rest = Vec::new();
        far.read_to_end(&mut rest).await.unwrap();
        assert_eq!(rest, b"end");
    }

    #[tokio::test]
    async fn writes_of_every_size_stay_in_order() {
        let (near, mut far) = tokio::io::duplex(1024 * 1024);
        let (mut corked, uncork) = cork(near);
        let sizes = [9, 1024, HELD / 2 + 1, 100, HELD / 2, HELD / 2, 1, HELD, 3 * HELD, 2, HELD - 1];
        let mut expected = Vec::new();
        for (number, size) in (0..).zip(sizes) {
            let piece = vec![number; size];
            let head = IoSlice::new(&piece[..size / 2]);
            let pieces = [head, IoSlice::new(&piece[size / 2..])];
            let sent = poll_fn(|cx| Pin::new(&mut corked).poll_write_vectored(cx, &pieces)).await.unwrap();
            corked.write_all(&piece[sent..]).await.unwrap();
            expected.extend_from_slice(&piece);
        }
        poll_fn(|cx| uncork.poll_send(cx)).await.unwrap();
        let mut seen = vec![0; expected.len()];
        far.read_exact(&mut seen).await.unwrap();
        assert!(seen == expected, "out of order");
    }

    #[tokio::test]
    async fn what_is_held_is_bounded() {
        let (near, _far) = tokio::io::duplex(1024);
        let (mut corked, _uncork) = cork(near);
        let written = poll_fn(|cx| {
            let mut written = 0;
            while let Poll::Ready(Ok(sent)) = Pin::new(&mut corked).poll_write(cx, &[0; 100]) {
                written += sent;
            }
            Poll::Ready(written)
        })
        .await;
        assert!(written <= HELD + 1024, "{written}");
    }
}
