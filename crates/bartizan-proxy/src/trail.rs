//! What an exchange leaves behind: one log line and a few counts, written when its last byte has gone.

use std::borrow::Cow;
use std::net::IpAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use http::uri::PathAndQuery;
use http::{HeaderValue, Method, StatusCode, Version};

use crate::access_log::{Entry, LogWriter};
use crate::request_id::RequestId;
use crate::stages::{Refusal, RefusalKind};
use crate::upstream::UpstreamError;
use crate::wall::HeldWall;

/// The record of one exchange; dropping it writes it down.
#[derive(Debug)]
pub(crate) struct Trail {
    pub(crate) id: RequestId,
    pub(crate) started: Instant,
    pub(crate) client: IpAddr,
    pub(crate) method: Method,
    pub(crate) path: Option<PathAndQuery>,
    pub(crate) host: Option<HeaderValue>,
    pub(crate) version: Version,
    pub(crate) status: StatusCode,
    pub(crate) refusal: Option<&'static RefusalKind>,
    pub(crate) detail: Option<Cow<'static, str>>,
    /// From the request sent to the response head.
    pub(crate) upstream: Option<Duration>,
    pub(crate) received: u64,
    sent: u64,
    ending: Ending,
    wall: Rc<HeldWall>,
    /// The site it belongs to, once known.
    pub(crate) site: Option<usize>,
    log: Rc<LogWriter>,
    worker: usize,
}

/// How an exchange ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// The client left before the whole answer was on its way.
    ClientLeft,
    /// Every byte was handed over.
    Complete,
    /// The app's answer stopped half-way.
    CutShort,
}

impl Trail {
    pub(crate) fn new(
        id: RequestId,
        started: Instant,
        client: IpAddr,
        wall: Rc<HeldWall>,
        log: Rc<LogWriter>,
        worker: usize,
    ) -> Self {
        Self {
            id,
            started,
            client,
            method: Method::GET,
            path: None,
            host: None,
            version: Version::HTTP_11,
            status: StatusCode::OK,
            refusal: None,
            detail: None,
            upstream: None,
            received: 0,
            sent: 0,
            ending: Ending::ClientLeft,
            wall,
            site: None,
            log,
            worker,
        }
    }

    /// Notes a refusal; what it was about stays out of the answer.
    pub(crate) fn refused(&mut self, refusal: &mut Refusal) {
        self.refusal = Some(refusal.kind);
        self.detail = refusal.detail.take();
    }

    /// Notes bytes of the answer.
    pub(crate) fn sent(&mut self, bytes: usize) {
        self.sent = self.sent.saturating_add(bytes as u64);
    }

    /// Notes that every byte was handed over.
    pub(crate) fn complete(&mut self) {
        self.ending = Ending::Complete;
    }

    /// Notes that the app's answer stopped half-way.
    pub(crate) fn cut_short(&mut self, error: &UpstreamError) {
        self.ending = Ending::CutShort;
        self.detail = Some(Cow::Owned(error.to_string()));
    }
}

impl Drop for Trail {
    fn drop(&mut self) {
        let took = self.started.elapsed();
        let site = self.site.and_then(|site| self.wall.sites.get(site));
        let counters = site.map_or(&self.wall.nobody_counters, |site| &site.counters);
        counters.exchange(self.worker, self.status, self.refusal, took, self.received, self.sent);
        if self.log.is_on() {
            self.log.write(&Entry {
                id: self.id,
                site: counters.name(),
                client: self.client,
                method: &self.method,
                host: self.host.as_ref().and_then(|host| host.to_str().ok()),
                path: self.path.as_ref(),
                version: self.version,
                status: self.status,
                refusal: self.refusal.map(|kind| kind.about.id),
                detail: self.detail.as_deref(),
                received: self.received,
                sent: self.sent,
                took,
                upstream: self.upstream,
                ending: self.ending,
            });
        }
    }
}
