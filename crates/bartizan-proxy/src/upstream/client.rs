//! One request to the app until its response head: which address, and whether another is tried.

use std::fmt;
use std::sync::Arc;

use http::{Request, response};

use super::attempt::Attempt;
use super::balance;
use super::outgoing::Outgoing;
use super::upgrade::UpgradedUpstream;
use super::{ExchangeBody, Pool, Retry, Upstream, UpstreamBody, UpstreamError};

/// What the exchange wants besides an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SendContext {
    /// Whether the request asks for another protocol (`Connection: upgrade`); only then may 101 come.
    /// Such a request goes over HTTP/1.1 whatever the plan says, for HTTP/2 has no upgrade.
    pub upgrade: bool,
}

/// The app's answer.
pub struct UpstreamResponse<B: ExchangeBody> {
    /// Status and header lines.
    pub head: response::Parts,
    /// The body, empty after a 101.
    pub body: UpstreamBody<B>,
    /// The connection behind a 101.
    pub upgrade: Option<UpgradedUpstream<B>>,
}

impl<B: ExchangeBody> fmt::Debug for UpstreamResponse<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpstreamResponse").field("status", &self.head.status).finish_non_exhaustive()
    }
}

impl<B: ExchangeBody> Pool<B> {
    /// Sends a request in origin form with its `Host` and waits for the response head.
    ///
    /// Another address is tried only when the request was certainly not processed. Dropping the future closes the
    /// connection (HTTP/1.1) or resets the stream (HTTP/2).
    pub fn send(
        &self,
        upstream: &Arc<Upstream>,
        request: Request<B>,
        context: SendContext,
    ) -> impl Future<Output = Result<UpstreamResponse<B>, UpstreamError>> {
        // Not `async` itself: that would keep a second copy of the request in the future.
        self.dispatch(upstream, request.map(Outgoing::new), context)
    }

    /// Sends a request whose body is whole, or the exchange's.
    pub(super) async fn dispatch(
        &self,
        upstream: &Arc<Upstream>,
        request: Request<Outgoing<B>>,
        context: SendContext,
    ) -> Result<UpstreamResponse<B>, UpstreamError> {
        let slots = self.slots(upstream);
        let mut attempt = Attempt::new(upstream, &slots, request, context);
        let mut tried = Vec::new();
        loop {
            let index = balance::choose(upstream, &slots.cursor, &tried);
            let result = attempt.at(index).await;
            upstream.note(index, result.as_ref().map(|_| ()));
            let error = match result {
                Ok(response) => return Ok(response),
                Err(error) => error,
            };
            tried.push(index);
            let has_another = tried.len() < upstream.addresses.len() && tried.len() <= upstream.plan.retries as usize;
            if !(has_another && error.retry() == Retry::Safe && attempt.is_repeatable()) {
                return Err(error);
            }
            tracing::debug!(address = error.address(), kind = ?error.kind(), "another address is tried");
        }
    }
}
