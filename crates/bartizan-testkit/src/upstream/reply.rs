//! What an upstream answers, byte by byte, and what it does afterwards.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use crate::wait::DEADLINE;

/// What an upstream answers, and what it does then.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    pub(super) pieces: Vec<Vec<u8>>,
    pub(super) end: End,
}

/// Lets a reply go on that hangs.
#[derive(Debug, Clone, Default)]
pub struct Release(Arc<(Mutex<bool>, Condvar)>);

#[derive(Debug, Clone, Default)]
pub(super) enum End {
    Close,
    Echo,
    Hang(Release, Vec<u8>),
    #[default]
    Keep,
}

impl Reply {
    /// Answers with these bytes, whatever they are, and keeps the connection.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { pieces: vec![bytes.into()], ..Self::default() }
    }

    /// Answers 200 with a body and its length.
    pub fn ok(body: &str) -> Self {
        Self::with("", body)
    }

    /// Answers 200 with a body and further header lines, each ended by CRLF.
    pub fn with(headers: &str, body: &str) -> Self {
        Self::raw(format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()))
    }

    /// Writes further bytes in a piece of their own.
    #[must_use]
    pub fn then(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.pieces.push(bytes.into());
        self
    }

    /// Closes the connection afterwards.
    #[must_use]
    pub fn close(mut self) -> Self {
        self.end = End::Close;
        self
    }

    /// Sends back every byte that comes afterwards, as a WebSocket or tunnel might.
    #[must_use]
    pub fn echo(mut self) -> Self {
        self.end = End::Echo;
        self
    }

    /// Goes silent until released, then writes the rest and keeps the connection.
    #[must_use]
    pub fn hang(mut self, release: &Release, rest: impl Into<Vec<u8>>) -> Self {
        self.end = End::Hang(release.clone(), rest.into());
        self
    }
}

impl Release {
    /// Lets every reply that hangs on it go on.
    pub fn release(&self) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.1.notify_all();
    }

    pub(super) fn wait(&self) {
        let held = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Whether released or out of time, the reply goes on: nothing may hang for ever.
        drop(self.0.1.wait_timeout_while(held, 6 * DEADLINE, |released| !*released));
    }
}
