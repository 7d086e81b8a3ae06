//! The two bodies of an exchange: the client's on its way to the app, and the answer on its way back.
//!
//! Both stream; neither is ever held whole. Each notes its progress for the sweeper.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;

use crate::files::Hashing;
use crate::flow::Flow;
use crate::hold::Hold;
use crate::pages::{Next, Rewriting};
use crate::trail::Trail;
use crate::upstream::{UpstreamBody, UpstreamError};
use crate::wire;

/// What can be wrong with a client's body.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum RequestBodyError {
    /// Its chunks are malformed.
    #[error("malformed body: {0}")]
    Malformed(wire::Fault),
    /// The client left before the body was complete.
    #[error("the client left before its body was complete")]
    Left,
    /// It flowed below the minimum rate for too long.
    #[error("the body came too slowly")]
    Slow,
    /// It is longer than the route allows.
    #[error("the body is longer than allowed")]
    TooLarge,
}

/// What the exchange and its request body share: the flow, and what went wrong.
#[derive(Debug, Default)]
pub(crate) struct Sending {
    pub(crate) flow: Flow,
    error: RefCell<Option<RequestBodyError>>,
}

impl Sending {
    /// Returns what was wrong with the body, if anything was.
    pub(crate) fn error(&self) -> Option<RequestBodyError> {
        self.error.borrow().clone()
    }
}

/// The beginning of a body that went by.
#[derive(Debug)]
pub(crate) struct Tap {
    bytes: RefCell<Vec<u8>>,
    most: usize,
}

impl Tap {
    /// Notes so many bytes at most.
    pub(crate) fn new(most: usize) -> Rc<Self> {
        Rc::new(Self { bytes: RefCell::default(), most })
    }

    fn note(&self, data: &[u8]) {
        let mut bytes = self.bytes.borrow_mut();
        let room = self.most.saturating_sub(bytes.len());
        bytes.extend_from_slice(data.get(..room.min(data.len())).unwrap_or_default());
    }

    /// Returns what was noted.
    pub(crate) fn take(&self) -> Vec<u8> {
        self.bytes.take()
    }
}

/// A client's body on its way to the app.
#[derive(Debug)]
pub(crate) struct RequestBody {
    incoming: Option<Incoming>,
    /// What was looked at and is still to be sent, last first.
    again: Vec<Frame<Bytes>>,
    left: u64,
    /// Takes note of what goes by, for whoever judges it later.
    tap: Option<Rc<Tap>>,
    sending: Rc<Sending>,
    wire: Option<Arc<wire::WireState>>,
}

impl RequestBody {
    /// No body.
    pub(crate) fn empty() -> Self {
        Self { incoming: None, again: Vec::new(), left: 0, tap: None, sending: Rc::default(), wire: None }
    }

    /// The body of a request that came over a connection with this wire (HTTP/1.1), `limit` bytes at most.
    pub(crate) fn new(
        incoming: Incoming,
        limit: Option<u64>,
        sending: Rc<Sending>,
        wire: Option<Arc<wire::WireState>>,
    ) -> Self {
        let incoming = (!incoming.is_end_stream()).then_some(incoming);
        Self { incoming, again: Vec::new(), left: limit.unwrap_or(u64::MAX), tap: None, sending, wire }
    }

    /// Has what goes by noted.
    pub(crate) fn tap(&mut self, tap: &Rc<Tap>) {
        self.tap = Some(Rc::clone(tap));
    }

    /// Puts back what was read, first to last, to be read again.
    pub(crate) fn put_back(&mut self, mut frames: Vec<Frame<Bytes>>) {
        frames.reverse();
        self.again.append(&mut frames);
    }

    fn fail(&mut self, error: RequestBodyError) -> Poll<Option<Result<Frame<Bytes>, RequestBodyError>>> {
        self.incoming = None;
        *self.sending.error.borrow_mut() = Some(error.clone());
        Poll::Ready(Some(Err(error)))
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = RequestBodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, RequestBodyError>>> {
        let this = self.get_mut();
        // Counted and measured when it was read first.
        if let Some(frame) = this.again.pop() {
            return Poll::Ready(Some(Ok(frame)));
        }
        let Some(incoming) = &mut this.incoming else { return Poll::Ready(None) };
        if this.sending.flow.is_expired() {
            return this.fail(RequestBodyError::Slow);
        }
        let Poll::Ready(frame) = Pin::new(incoming).poll_frame(cx) else {
            this.sending.flow.wait(cx);
            return Poll::Pending;
        };
        match frame {
            None => {
                this.sending.flow.flowed(0);
                this.incoming = None;
                Poll::Ready(None)
            }
            Some(Ok(frame)) => {
                let bytes = frame.data_ref().map_or(0, Bytes::len);
                this.sending.flow.flowed(bytes);
                match this.left.checked_sub(bytes as u64) {
                    Some(left) => this.left = left,
                    None => return this.fail(RequestBodyError::TooLarge),
                }
                if let (Some(tap), Some(data)) = (&this.tap, frame.data_ref()) {
                    tap.note(data);
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Some(Err(_)) => match this.wire.as_ref().and_then(|wire| wire.fault()) {
                Some(fault) => this.fail(RequestBodyError::Malformed(fault)),
                None => this.fail(RequestBodyError::Left),
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        self.again.is_empty() && self.incoming.as_ref().is_none_or(Incoming::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let again: u64 = self.again.iter().filter_map(Frame::data_ref).map(|data| data.len() as u64).sum();
        let rest = self.incoming.as_ref().map_or_else(|| SizeHint::with_exact(0), Incoming::size_hint);
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower().saturating_add(again));
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper.saturating_add(again));
        }
        hint
    }
}

/// An answer on its way to the client.
#[derive(Debug)]
pub(crate) struct ResponseBody {
    source: Source,
    /// Written down when the body ends, or is dropped half-way.
    trail: Option<Box<Trail>>,
    hold: Option<Hold>,
}

#[derive(Debug)]
enum Source {
    /// Nothing, or nothing more.
    Empty,
    /// A page of ours.
    Full(Bytes),
    /// The app's body, after frames that a stage has already looked at.
    Upstream { seen: Vec<Frame<Bytes>>, body: Box<UpstreamBody<RequestBody>> },
    /// A page of the app, rewritten on its way.
    Page { seen: Vec<Frame<Bytes>>, body: Box<UpstreamBody<RequestBody>>, rewriting: Box<Rewriting> },
    /// A file of the app, of which a digest is wanted.
    File { seen: Vec<Frame<Bytes>>, body: Box<UpstreamBody<RequestBody>>, hashing: Box<Hashing> },
}

/// What becomes of the app's body on its way.
#[derive(Debug)]
pub(crate) enum Passing {
    /// It is hashed, and passes as it is.
    Hashed(Box<Hashing>),
    /// It is a page, and rewritten.
    Rewritten(Box<Rewriting>),
    /// It passes as it is.
    Untouched,
}

impl ResponseBody {
    /// A body that is known whole.
    pub(crate) fn full(bytes: Bytes, trail: Option<Box<Trail>>, hold: Option<Hold>) -> Self {
        let source = if bytes.is_empty() { Source::Empty } else { Source::Full(bytes) };
        Self { source, trail, hold }.begin()
    }

    /// The app's body; `seen` are its first frames in order.
    pub(crate) fn upstream(
        mut seen: Vec<Frame<Bytes>>,
        body: UpstreamBody<RequestBody>,
        passing: Passing,
        trail: Box<Trail>,
        hold: Hold,
    ) -> Self {
        seen.reverse();
        let body = Box::new(body);
        let source = match passing {
            Passing::Hashed(hashing) => Source::File { seen, body, hashing },
            Passing::Rewritten(rewriting) => Source::Page { seen, body, rewriting },
            Passing::Untouched => Source::Upstream { seen, body },
        };
        Self { source, trail: Some(trail), hold: Some(hold) }.begin()
    }

    fn flow(&self) -> Option<&Flow> {
        self.hold.as_ref().map(|hold| &hold.running().response)
    }

    fn account(&mut self, frame: &Frame<Bytes>) {
        let bytes = frame.data_ref().map_or(0, Bytes::len);
        if let Some(flow) = self.flow() {
            flow.flowed(bytes);
            // From here on it is the client that is waited for: hyper asks again once it has room.
            flow.wait_unwoken();
        }
        let ended = self.is_end_stream();
        if let Some(trail) = &mut self.trail {
            trail.sent(bytes);
            // A declared length ends with its last byte: hyper asks no further.
            if ended {
                trail.complete();
            }
        }
    }

    /// A body that is over before it is asked for is complete: hyper drops it unread.
    fn begin(mut self) -> Self {
        let ended = self.is_end_stream();
        if let Some(trail) = self.trail.as_mut().filter(|_| ended) {
            trail.complete();
        }
        self
    }
}

/// The next bytes of a page. Each is bounded: a body that unfolds to much is read in many turns.
fn poll_page(
    cx: &mut Context<'_>,
    seen: &mut Vec<Frame<Bytes>>,
    body: &mut UpstreamBody<RequestBody>,
    rewriting: &mut Rewriting,
) -> Poll<Option<Result<Frame<Bytes>, UpstreamError>>> {
    loop {
        match rewriting.next() {
            Ok(Next::Some(bytes)) => return Poll::Ready(Some(Ok(Frame::data(bytes.into())))),
            Ok(Next::Over) => return Poll::Ready(None),
            Ok(Next::NeedsMore) => {}
            Err(error) => return Poll::Ready(Some(Err(UpstreamError::of_page(error)))),
        }
        let frame = match seen.pop() {
            Some(frame) => Some(Ok(frame)),
            None => ready!(Pin::new(&mut *body).poll_frame(cx)),
        };
        match frame {
            // Trailers speak of a body that is not the one sent.
            Some(Ok(frame)) => frame.data_ref().into_iter().for_each(|data| rewriting.give(data)),
            Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            None => rewriting.end(),
        }
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = UpstreamError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, UpstreamError>>> {
        let this = self.get_mut();
        if let Some(flow) = this.flow() {
            flow.flowed(0);
        }
        let frame = match &mut this.source {
            Source::Empty => None,
            Source::Full(bytes) => {
                let bytes = std::mem::take(bytes);
                this.source = Source::Empty;
                Some(Ok(Frame::data(bytes)))
            }
            Source::Upstream { seen, body } => match seen.pop() {
                Some(frame) => Some(Ok(frame)),
                None => ready!(Pin::new(body.as_mut()).poll_frame(cx)),
            },
            Source::Page { seen, body, rewriting } => ready!(poll_page(cx, seen, body, rewriting)),
            Source::File { seen, body, hashing } => {
                let frame = match seen.pop() {
                    Some(frame) => Some(Ok(frame)),
                    None => ready!(Pin::new(body.as_mut()).poll_frame(cx)),
                };
                if let Some(Ok(frame)) = &frame {
                    frame.data_ref().into_iter().for_each(|data| hashing.take(data));
                }
                // A declared length ends with its last byte: hyper asks no further.
                let is_over = frame.is_none() || (seen.is_empty() && body.is_end_stream());
                if is_over && !matches!(frame, Some(Err(_))) {
                    hashing.end();
                }
                frame
            }
        };
        match &frame {
            Some(Ok(frame)) => this.account(frame),
            Some(Err(error)) => {
                if let Some(trail) = &mut this.trail {
                    trail.cut_short(error);
                }
                this.source = Source::Empty;
            }
            None => {
                this.source = Source::Empty;
                if let Some(trail) = &mut this.trail {
                    trail.complete();
                }
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        match &self.source {
            Source::Empty => true,
            Source::Full(_) => false,
            Source::Upstream { seen, body } | Source::File { seen, body, .. } => {
                seen.is_empty() && body.is_end_stream()
            }
            Source::Page { rewriting, .. } => rewriting.is_over(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.source {
            Source::Empty => SizeHint::with_exact(0),
            Source::Full(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Source::Upstream { seen, body } | Source::File { seen, body, .. } if seen.is_empty() => body.size_hint(),
            // The frames already seen belong to the length that the head declares.
            Source::File { .. } | Source::Page { .. } | Source::Upstream { .. } => SizeHint::default(),
        }
    }
}
