//! Health of addresses: active checks, which ask for a page again and again, and passive notes on each request.

use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::join_all;
use http::{HeaderValue, Request, Uri, header};
use http_body_util::Empty;
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::attempt::Attempt;
use super::outgoing::Outgoing;
use super::{Address, Pool, SendContext, Upstream, UpstreamError, UpstreamErrorKind};
use crate::config::HealthCheck;

/// Checks each address for ever, or returns at once where the plan has no check.
///
/// Run on one worker only, since what it finds is shared. Dropping the future ends the checks.
pub async fn check_forever(upstream: Arc<Upstream>) {
    let Some(check) = upstream.plan.health.clone() else { return };
    // A pool of its own: the connections of checks are none of the requests', nor the other way round.
    let pool = Pool::new();
    join_all((0..upstream.addresses.len()).map(|index| check_address(&upstream, &pool, &check, index))).await;
}

async fn check_address(upstream: &Arc<Upstream>, pool: &Pool<Empty<Bytes>>, check: &HealthCheck, index: usize) {
    let Some(address) = upstream.addresses.get(index) else { return };
    // tokio refuses an interval of zero.
    let mut ticks = interval(check.interval.max(std::time::Duration::from_millis(1)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let well = timeout(check.timeout, is_well(upstream, pool, check, index)).await.unwrap_or(false);
        if address.state.set_healthy(well) {
            tracing::warn!(address = %address.name, healthy = well, "health of an upstream address changed");
        }
    }
}

/// Asks once; 2xx and 3xx mean well.
async fn is_well(upstream: &Arc<Upstream>, pool: &Pool<Empty<Bytes>>, check: &HealthCheck, index: usize) -> bool {
    let Some(request) = upstream.addresses.get(index).and_then(|address| question(check, address)) else {
        return false;
    };
    let slots = pool.slots(upstream);
    let response = Attempt::new(upstream, &slots, request, SendContext::default()).at(index).await;
    response.is_ok_and(|response| response.head.status.is_success() || response.head.status.is_redirection())
}

fn question(check: &HealthCheck, address: &Address) -> Option<Request<Outgoing<Empty<Bytes>>>> {
    let mut request = Request::new(Outgoing::whole(Bytes::new()));
    *request.uri_mut() = Uri::try_from(&check.path).ok()?;
    let host = HeaderValue::try_from(address.place.authority()).ok()?;
    request.headers_mut().insert(header::HOST, host);
    request.headers_mut().insert(header::USER_AGENT, HeaderValue::from_static("bartizan-health"));
    Some(request)
}

impl Upstream {
    /// Keeps the passive health of an address.
    pub(super) fn note(&self, index: usize, outcome: Result<(), &UpstreamError>) {
        let Some(address) = self.addresses.get(index) else { return };
        match outcome {
            Ok(()) => address.state.succeeded(),
            Err(error) if error.kind() == UpstreamErrorKind::RequestBody => {}
            Err(_) => address.state.failed(self.elapsed(), self.plan.max_fails, self.plan.fail_timeout),
        }
    }
}
