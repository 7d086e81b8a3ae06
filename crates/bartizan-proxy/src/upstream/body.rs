//! The body of a response, and the moment at which its connection is free again.

use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use super::balance::Running;
use super::connection::Http1;
use super::ledger::Ledger;
use super::slots::Slots;
use super::{ExchangeBody, UpstreamError};

/// A response body with its trailers. It ends with an error when the app cut it short.
///
/// Dropped before its end, it closes the connection (HTTP/1.1) or resets the stream (HTTP/2): the rest of this
/// answer must not be taken for the start of the next.
pub struct UpstreamBody<B: ExchangeBody> {
    incoming: Incoming,
    lease: Option<Lease<B>>,
}

/// What an exchange holds of the pool until its response has ended.
pub(super) struct Lease<B: ExchangeBody> {
    pub(super) slots: Rc<Slots<B>>,
    pub(super) index: usize,
    pub(super) ledger: Rc<Ledger>,
    /// The connection to give back; shared ones (HTTP/2) stay where they are.
    pub(super) connection: Option<Http1<B>>,
    /// Counted until the response has ended, not until its head came: a slow download is load, too.
    pub(super) _running: Option<Running>,
}

impl<B: ExchangeBody> UpstreamBody<B> {
    pub(super) fn new(incoming: Incoming, lease: Lease<B>) -> Self {
        let mut body = Self { incoming, lease: Some(lease) };
        body.release_at_end();
        body
    }

    /// Returns the empty body of a 101, whose connection is somebody else's.
    pub(super) fn unleased(incoming: Incoming) -> Self {
        Self { incoming, lease: None }
    }

    /// Gives the connection back as soon as the last byte is here, for nobody may ask for the end itself.
    fn release_at_end(&mut self) {
        if self.incoming.is_end_stream() {
            self.release();
        }
    }

    fn release(&mut self) {
        if let Some(Lease { slots, index, connection: Some(connection), .. }) = self.lease.take() {
            slots.give_back(index, connection);
        }
    }

    fn fail(&mut self, error: hyper::Error) -> Option<UpstreamError> {
        let Lease { slots, index, ledger, connection, .. } = self.lease.take()?;
        let fault = connection.as_ref().and_then(Http1::fault);
        slots.cut_short(index, error, fault, &ledger)
    }
}

impl<B: ExchangeBody> Body for UpstreamBody<B> {
    type Data = Bytes;
    type Error = UpstreamError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, UpstreamError>>> {
        match Pin::new(&mut self.incoming).poll_frame(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Some(Ok(frame))) => {
                self.release_at_end();
                Poll::Ready(Some(Ok(frame)))
            }
            // After an error the body is over; there is no second one to report.
            Poll::Ready(Some(Err(error))) => Poll::Ready(self.fail(error).map(Err)),
            Poll::Ready(None) => {
                self.release();
                Poll::Ready(None)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.incoming.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.incoming.size_hint()
    }
}

impl<B: ExchangeBody> fmt::Debug for UpstreamBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpstreamBody").field("incoming", &self.incoming).finish_non_exhaustive()
    }
}
