//! Bytes that have come in and may not go on yet, or not all at once.

use bytes::{Buf, BytesMut};
use tokio::io::ReadBuf;

/// A queue of bytes: the first `ready` have been judged and may go, the rest waits.
#[derive(Debug, Default)]
pub(super) struct Held {
    bytes: BytesMut,
    ready: usize,
}

impl Held {
    /// Moves what may go into `buf`; whether there was any.
    pub(super) fn deliver(&mut self, buf: &mut ReadBuf<'_>) -> bool {
        let length = self.ready.min(buf.remaining());
        if length == 0 {
            return false;
        }
        buf.put_slice(self.bytes.get(..length).unwrap_or_default());
        self.ready -= length;
        self.skip(length);
        true
    }

    /// The bytes that wait. Asked only when all that may go has gone.
    pub(super) fn waiting(&self) -> &[u8] {
        self.bytes.get(self.ready..).unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Drops bytes at the front, and the memory with the last of them: an idle connection holds none.
    pub(super) fn skip(&mut self, length: usize) {
        self.bytes.advance(length.min(self.bytes.len()));
        if self.bytes.is_empty() {
            self.bytes = BytesMut::new();
        }
    }

    /// Lets the next `length` waiting bytes go.
    pub(super) fn release(&mut self, length: usize) {
        self.ready = (self.ready + length).min(self.bytes.len());
    }

    /// Drops all that waits.
    pub(super) fn forget(&mut self) {
        self.bytes.truncate(self.ready);
    }
}
