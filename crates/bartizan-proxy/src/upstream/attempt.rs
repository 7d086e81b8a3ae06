//! One request at one address: over a kept connection, and over others as long as nobody has seen it.

use std::pin::pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::{Method, Request, Response, StatusCode, Version};
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use tokio::time::timeout_at;

use super::balance::Running;
use super::body::Lease;
use super::connection::Http1;
use super::form::{Spare, to_http2};
use super::ledger::Ledger;
use super::outgoing::Outgoing;
use super::slots::{Age, Slots};
use super::upgrade::UpgradedUpstream;
use super::{
    Address, ExchangeBody, SendContext, Upstream, UpstreamBody, UpstreamError, UpstreamErrorKind, UpstreamResponse,
};
use crate::wire::{Asked, Fault};

/// A request on its way, as long as nobody has taken it.
pub(super) struct Attempt<'a, B: ExchangeBody> {
    upstream: &'a Arc<Upstream>,
    slots: &'a Rc<Slots<B>>,
    context: SendContext,
    /// Gone once it may have been processed.
    request: Option<Request<Outgoing<B>>>,
    /// Whether it was sent a second time after it may have been seen. Once is enough: a request that kills the
    /// app's workers must not be carried to each of them.
    replayed: bool,
}

/// What came of handing a request to a connection; `None` when that was stale and the request is back.
type Sent<B> = Option<UpstreamResponse<B>>;

/// What hyper says of a request.
type Answer<B> = Result<Response<Incoming>, TrySendError<Request<Outgoing<B>>>>;

impl<'a, B: ExchangeBody> Attempt<'a, B> {
    pub(super) fn new(
        upstream: &'a Arc<Upstream>,
        slots: &'a Rc<Slots<B>>,
        request: Request<Outgoing<B>>,
        context: SendContext,
    ) -> Self {
        Self { upstream, slots, context, request: Some(request), replayed: false }
    }

    /// Returns whether the request is still, or again, in our hands.
    pub(super) fn is_repeatable(&self) -> bool {
        self.request.is_some()
    }

    /// Tries one address.
    pub(super) async fn at(&mut self, index: usize) -> Result<UpstreamResponse<B>, UpstreamError> {
        let upstream = self.upstream;
        let Some(address) = upstream.addresses.get(index) else {
            return Err(UpstreamError::new(UpstreamErrorKind::Connect, &Arc::from("no address"), None));
        };
        // Ends: a stale connection is dropped, a request that may have been seen is replayed once, and a fresh
        // connection never gives one back.
        loop {
            let sent = if upstream.speaks_http2() && !self.context.upgrade {
                Box::pin(self.over_http2(address, index)).await?
            } else {
                self.over_http1(address, index).await?
            };
            if let Some(response) = sent {
                return Ok(response);
            }
        }
    }

    async fn over_http1(&mut self, address: &Address, index: usize) -> Result<Sent<B>, UpstreamError> {
        let kept = if self.replayed { None } else { self.slots.take(self.upstream, index) };
        let (mut connection, age) = match kept {
            Some(connection) => (connection, Age::Reused),
            // Boxed: rare, and its state would make the future of every request larger.
            None => (Box::pin(Http1::open(self.upstream, address)).await?, Age::Fresh),
        };
        let mut request = self.take_request(address)?;
        *request.version_mut() = Version::HTTP_11;
        let spare = if age == Age::Reused && !self.context.upgrade { Spare::of(&request) } else { None };
        let handover = connection.expect(match *request.method() {
            _ if self.context.upgrade => Asked::Upgrade,
            Method::HEAD => Asked::Head,
            _ => Asked::Other,
        });
        let ledger = Rc::clone(&connection.ledger);
        request.body_mut().watch(&ledger);

        let running = Running::new(self.upstream, index);
        let answer = connection.sender.try_send_request(request);
        let answer = in_time(answer, self.upstream.plan.response_timeout, &ledger)
            .await
            .map_err(|Late| UpstreamError::new(UpstreamErrorKind::ResponseTimeout, &address.name, None))?;
        let response = match answer {
            Ok(response) => response,
            // An app closes idle connections when it likes, and a request may just have been under way.
            Err(error) => {
                let spare = spare.filter(|_| connection.is_unanswered());
                return self.failed(error, age, spare, connection.fault(), address, &ledger);
            }
        };
        let (head, incoming) = response.into_parts();
        if head.status == StatusCode::SWITCHING_PROTOCOLS {
            let Some(handover) = handover else { return Err(invalid(address, Fault::UnexpectedUpgrade)) };
            let upgrade = Some(UpgradedUpstream::new(connection, handover, running));
            return Ok(Some(UpstreamResponse { head, body: UpstreamBody::unleased(incoming), upgrade }));
        }
        let slots = Rc::clone(self.slots);
        let lease = Lease { slots, index, ledger, connection: Some(connection), _running: running };
        let body = UpstreamBody::new(incoming, lease);
        Ok(Some(UpstreamResponse { head, body, upgrade: None }))
    }

    async fn over_http2(&mut self, address: &Address, index: usize) -> Result<Sent<B>, UpstreamError> {
        let (mut sender, age) = self.slots.shared(self.upstream, address, index).await?;
        let mut request = self.take_request(address)?;
        to_http2(&mut request, address);
        let spare = if age == Age::Reused && !self.replayed { Spare::of(&request) } else { None };
        let ledger = request.body_mut().watch_shared(&self.slots.bodiless);

        let running = Running::new(self.upstream, index);
        let answer = sender.try_send_request(request);
        let answer = in_time(answer, self.upstream.plan.response_timeout, &ledger)
            .await
            .map_err(|Late| UpstreamError::new(UpstreamErrorKind::ResponseTimeout, &address.name, None))?;
        let response = match answer {
            Ok(response) => response,
            Err(error) => {
                // A reset stream is an answer of sorts; only the end of the whole connection is not.
                let spare = spare.filter(|_| sender.is_closed());
                return self.failed(error, age, spare, None, address, &ledger);
            }
        };
        let (head, incoming) = response.into_parts();
        // No guard stands before HTTP/2, which frames its messages itself; what is left to check is the status.
        if !(200..600).contains(&head.status.as_u16()) {
            return Err(invalid(address, Fault::BadStatus));
        }
        let slots = Rc::clone(self.slots);
        let lease = Lease { slots, index, ledger, connection: None, _running: running };
        let body = UpstreamBody::new(incoming, lease);
        Ok(Some(UpstreamResponse { head, body, upgrade: None }))
    }

    /// Takes the request back where that is certainly safe; else it is an error.
    fn failed(
        &mut self,
        mut error: TrySendError<Request<Outgoing<B>>>,
        age: Age,
        spare: Option<Spare>,
        fault: Option<Fault>,
        address: &Address,
        ledger: &Ledger,
    ) -> Result<Sent<B>, UpstreamError> {
        let unsent = error.take_message();
        let is_unsent = unsent.is_some();
        if let Some(request) = unsent {
            self.request = Some(request);
        } else if let Some(spare) = spare {
            self.request = Some(spare.into_request());
            self.replayed = true;
        }
        if self.request.is_some() && age == Age::Reused {
            return Ok(None);
        }
        let error = UpstreamError::before_head(error.into_error(), fault, &address.name, ledger);
        Err(if is_unsent { error.safe() } else { error })
    }

    fn take_request(&mut self, address: &Address) -> Result<Request<Outgoing<B>>, UpstreamError> {
        self.request.take().ok_or_else(|| UpstreamError::new(UpstreamErrorKind::Closed, &address.name, None))
    }
}

fn invalid(address: &Address, fault: Fault) -> UpstreamError {
    UpstreamError::new(UpstreamErrorKind::InvalidResponse, &address.name, Some(fault.into()))
}

/// The app was silent for too long.
struct Late;

/// Waits as long as the app may stay silent. The timer is set once and moved only when it fires.
async fn in_time<B: ExchangeBody>(
    answer: impl Future<Output = Answer<B>>,
    limit: Option<Duration>,
    ledger: &Ledger,
) -> Result<Answer<B>, Late> {
    let start = Instant::now();
    let Some((limit, mut until)) = limit.and_then(|limit| Some((limit, start.checked_add(limit)?))) else {
        return Ok(answer.await);
    };
    let mut answer = pin!(answer);
    loop {
        match timeout_at(until.into(), &mut answer).await {
            Ok(answer) => return Ok(answer),
            Err(_elapsed) => until = ledger.patience(limit, Instant::now()).ok_or(Late)?,
        }
    }
}
