//! Server-sent events: a sign whenever something was counted, so that an open page renews itself.
//!
//! The events carry sums alone; what a page shows it asks for again as a page.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};
use http_body::Frame;
use http_body_util::{Full, StreamBody};
use tokio::sync::OwnedSemaphorePermit;

use crate::dashboard::{Body, Dashboard};

/// Somebody who watches.
struct Watcher {
    dashboard: Dashboard,
    /// What the browser holds; the stream ends with the session.
    is_in: Arc<dyn Fn() -> bool + Send + Sync>,
    last: Option<String>,
    silent: u32,
    _place: OwnedSemaphorePermit,
}

/// Answers with a stream that ends with the session.
pub(crate) fn watch(
    dashboard: Dashboard,
    place: Option<OwnedSemaphorePermit>,
    is_in: Arc<dyn Fn() -> bool + Send + Sync>,
) -> Response<Body> {
    let Some(place) = place else {
        let mut response = Response::new(Body::new(Full::new(Bytes::from_static(b"too many pages watch already\n"))));
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        return response;
    };
    let watcher = Watcher { dashboard, is_in, last: None, silent: 0, _place: place };
    let events = stream::unfold(watcher, |watcher| async move {
        let (event, watcher) = watcher.next().await?;
        Some((Ok(Frame::data(Bytes::from(event))), watcher))
    });
    let mut response = Response::new(Body::new(StreamBody::new(events)));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl Watcher {
    async fn next(mut self) -> Option<(String, Self)> {
        loop {
            if self.last.is_some() {
                tokio::time::sleep(EVERY).await;
            }
            if !(self.is_in)() {
                return None;
            }
            let pulse = self.dashboard.pulse().await;
            if self.last.as_ref() != Some(&pulse) {
                let event = format!("event: pulse\ndata: {pulse}\n\n");
                self.last = Some(pulse);
                self.silent = 0;
                return Some((event, self));
            }
            self.silent += 1;
            // A line that nobody reads finds out whether somebody still listens, and keeps proxies from hanging up.
            if self.silent >= BEATS {
                self.silent = 0;
                return Some((":\n\n".to_owned(), self));
            }
        }
    }
}

/// Soon enough for a person who watches, and cheap: a sum over the store.
const EVERY: Duration = Duration::from_secs(2);

/// Twenty seconds of silence.
const BEATS: u32 = 10;
