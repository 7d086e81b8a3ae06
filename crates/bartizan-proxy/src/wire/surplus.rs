//! Bytes of a client that belong to no request: read and dropped, within bounds.
//!
//! A socket that is closed on unread bytes resets the connection, and with it the answer still under way.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

use super::traffic::Traffic;

/// How much was dropped so far.
#[derive(Debug, Default)]
pub(super) struct Surplus {
    dropped: usize,
}

impl Surplus {
    /// Drops what is there and what comes; ready at the end of the stream. `scratch` is written to and left unfilled.
    pub(super) fn poll_drop<S: AsyncRead + Unpin>(
        &mut self,
        io: &mut S,
        cx: &mut Context<'_>,
        scratch: &mut ReadBuf<'_>,
        traffic: &Traffic,
    ) -> Poll<io::Result<()>> {
        while !self.is_enough() {
            let mut space = scratch.take(DROPPED_BYTES);
            ready!(Pin::new(&mut *io).poll_read(cx, &mut space))?;
            let fresh = space.filled().len();
            if fresh == 0 {
                return Poll::Ready(Ok(()));
            }
            traffic.count_read(fresh);
            self.dropped += fresh;
        }
        Poll::Pending
    }

    /// Whether no more will be read: who goes on sending after all this is not worth it.
    pub(super) fn is_enough(&self) -> bool {
        self.dropped >= DROPPED_BYTES
    }
}

/// What socket buffers on the way may hold while an answer is made.
const DROPPED_BYTES: usize = 256 * 1024;
