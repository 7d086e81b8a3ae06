//! The body of a request as hyper gets it: the exchange's own, watched on its way.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::error::BoxError;
use super::ledger::Ledger;

/// A body that an exchange can send; every body of bytes with an error of its own is one.
///
/// It should say so (`is_end_stream`) when its last byte is out: hyper does not ask further once the announced
/// length is reached, and a connection is kept only after an upload that is known to have ended.
pub trait ExchangeBody: Body<Data = Bytes, Error: Into<BoxError>> + Unpin + 'static {}

impl<B: Body<Data = Bytes, Error: Into<BoxError>> + Unpin + 'static> ExchangeBody for B {}

/// A request body inside hyper.
pub(super) struct Outgoing<B> {
    source: Source<B>,
    ledger: Option<Rc<Ledger>>,
}

enum Source<B> {
    Exchange(B),
    Whole(Option<Bytes>),
}

impl<B: ExchangeBody> Outgoing<B> {
    /// Takes the exchange's body; nobody watches it before it is sent.
    pub(super) fn new(body: B) -> Self {
        Self { source: Source::Exchange(body), ledger: None }
    }

    /// Makes a body of bytes that are all there.
    pub(super) fn whole(bytes: Bytes) -> Self {
        Self { source: Source::Whole(Some(bytes).filter(|bytes| !bytes.is_empty())), ledger: None }
    }

    /// Has this ledger follow the body from here.
    pub(super) fn watch(&mut self, ledger: &Rc<Ledger>) {
        if self.is_end_stream() {
            self.ledger = None;
        } else {
            ledger.begin();
            self.ledger = Some(Rc::clone(ledger));
        }
    }

    /// As [`Self::watch`], with a ledger of its own if there is anything to note and the given one if not.
    pub(super) fn watch_shared(&mut self, bodiless: &Rc<Ledger>) -> Rc<Ledger> {
        let ledger = if self.is_end_stream() { Rc::clone(bodiless) } else { Ledger::finished() };
        self.watch(&ledger);
        ledger
    }

    fn note(&self, act: impl FnOnce(&Ledger)) {
        if let Some(ledger) = &self.ledger {
            act(ledger);
        }
    }
}

impl<B: ExchangeBody> Body for Outgoing<B> {
    type Data = Bytes;
    type Error = RequestBodyFailed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, RequestBodyFailed>>> {
        let frame = match &mut self.source {
            Source::Exchange(body) => Pin::new(body).poll_frame(context),
            Source::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
        };
        match frame {
            Poll::Pending => {
                self.note(Ledger::starve);
                Poll::Pending
            }
            Poll::Ready(Some(Ok(frame))) => {
                // hyper does not ask again after the last piece when the body says that it is the last.
                let step = if self.is_end_stream() { Ledger::finish } else { Ledger::advance };
                self.note(step);
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                let error = error.into();
                self.note(|ledger| ledger.fail(error));
                Poll::Ready(Some(Err(RequestBodyFailed)))
            }
            Poll::Ready(None) => {
                self.note(Ledger::finish);
                Poll::Ready(None)
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.source {
            Source::Exchange(body) => body.is_end_stream(),
            Source::Whole(bytes) => bytes.is_none(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.source {
            Source::Exchange(body) => body.size_hint(),
            Source::Whole(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64)),
        }
    }
}

/// Tells hyper to give up; the body's own error went into the ledger, where the exchange gets it unwrapped.
#[derive(Debug, thiserror::Error)]
#[error("the request's body failed")]
pub(super) struct RequestBodyFailed;
