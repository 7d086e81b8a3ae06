//! The life of one request: judged, sent upstream, answered; the only place that waits.
//!
//! Read [`run`] from top to bottom. Whatever happens, the client gets one well-formed answer or a closed
//! connection, the security headers are on it, and the trail is written.

mod page;

use std::convert::Infallible;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONNECTION, CONTENT_LENGTH, HOST, IF_NONE_MATCH, RETRY_AFTER, UPGRADE,
};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, Version};
use http_body::{Body, Frame};
use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::body::{Passing, RequestBody, RequestBodyError, ResponseBody};
use crate::connection::Connection;
use crate::context::{Exchange, Wants};
use crate::error_page;
use crate::failure;
use crate::head::{Maker, RequestHead, ResponseHead};
use crate::hold::Hold;
use crate::hop_by_hop;
use crate::pages::{self, Kept};
use crate::request_id::RequestId;
use crate::services::{BodyFault, LocalRequest, LocalService};
use crate::stages::refusal::After;
use crate::stages::request::framing;
use crate::stages::request::host;
use crate::stages::{Answer, Refusal, ResponseVerdict, Verdict};
use crate::trail::Trail;
use crate::upgrade::Upgrade;
use crate::upstream::{Credentials, SendContext, UpstreamBody, UpstreamResponse};
use crate::visits::Foreign;
use crate::waf::{Inspection, Waf};
use crate::wall::{HeldWall, RunningPolicy, RunningSite, Wall};
use crate::wire::Phase;
use crate::worker::Worker;

/// Answers one request.
pub(crate) async fn run(
    worker: Rc<Worker>,
    connection: Rc<Connection>,
    request: Request<Incoming>,
) -> Result<Response<ResponseBody>, Infallible> {
    let wall = worker.wall();
    let mut step = Step::begin(&worker, &connection, &wall, &request);
    let (parts, body) = request.into_parts();
    Ok(match step.admit(parts) {
        Ok(head) => step.forward(head, body).await,
        Err(Ended::Refused(refusal)) => Box::pin(step.refuse(refusal)).await,
        Err(Ended::Answered(answer)) => step.answer(*answer),
        Err(Ended::Served(service, head)) => Box::pin(step.serve(service, *head, body)).await,
    })
}

/// How an exchange ends before the app is asked.
enum Ended {
    Answered(Box<Answer>),
    Refused(Refusal),
    Served(Arc<dyn LocalService>, Box<RequestHead>),
}

impl From<Refusal> for Ended {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// An exchange under way: where it came from, where it goes, and what is known of it.
struct Step<'a> {
    worker: &'a Rc<Worker>,
    connection: &'a Rc<Connection>,
    wall: &'a Wall,
    site: Option<&'a RunningSite>,
    policy: &'a RunningPolicy,
    exchange: Exchange,
    trail: Box<Trail>,
    /// Its place among the exchanges the sweeper watches.
    hold: Hold,
    number: u64,
    version: Version,
    /// The firewall's view of it, where it is looked at.
    inspection: Option<Inspection>,
}

impl<'a> Step<'a> {
    fn begin(
        worker: &'a Rc<Worker>,
        connection: &'a Rc<Connection>,
        wall: &'a Rc<HeldWall>,
        request: &Request<Incoming>,
    ) -> Self {
        let number = connection.requests.get();
        connection.requests.set(number + 1);
        let hold = Hold::new(connection);
        let started = Instant::now();
        let id = RequestId::random();
        let exchange = Exchange::new(id, started, Arc::clone(&connection.facts));
        let trail = Box::new(Trail::new(
            id,
            started,
            connection.facts.peer.ip(),
            Rc::clone(wall),
            Rc::clone(&worker.log),
            worker.number,
        ));
        let mut step = Self {
            worker,
            connection,
            wall,
            site: None,
            policy: &wall.nobody,
            exchange,
            trail,
            hold,
            number,
            version: request.version(),
            inspection: None,
        };
        step.trail.method = request.method().clone();
        step.trail.version = request.version();
        step
    }

    /// Walks the request through framing, the known hosts, and the stages of its route.
    fn admit(&mut self, parts: http::request::Parts) -> Result<RequestHead, Ended> {
        self.exchange.wants = error_page::wants_from_accept(&parts.headers);
        let fault = self.connection.wire.as_ref().and_then(|wire| wire.fault_for(self.number));
        if let Some(fault) = fault {
            return Err(framing::refusal_for(&fault).into());
        }
        let mut head = framing::admit(parts, &self.wall.server.limits, &self.connection.facts)?;
        self.trail.path = Some(head.target.path_and_query().clone());
        self.trail.host = Some(head.host.clone());
        let wall = self.wall;
        let may_serve = |shown, wanted| wall.tls.as_ref().is_none_or(|tls| tls.may_serve(shown, wanted));
        let facts = &self.connection.facts;
        let place = host::place(&wall.router, &wall.config.sites, &mut head, facts, may_serve)?;
        if let Some(site) = wall.sites.get(place.site)
            && let Some(policy) = site.policies.get(place.policy)
        {
            self.site = Some(site);
            self.policy = policy;
            self.trail.site = Some(place.site);
        }
        self.exchange.method = head.method.clone();
        if self.worker.shared.services.pilot.is_some() {
            let joined = |name| {
                let lines = head.headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
                lines.collect::<Vec<_>>().join(",").into()
            };
            self.exchange.kept = Some(Box::new(Kept {
                accept_encoding: joined(ACCEPT_ENCODING),
                if_none_match: joined(IF_NONE_MATCH),
                asker: pages::asker(&head.headers),
                foreign: Foreign::of(&head.method, &head.headers),
            }));
        }
        self.exchange.path = head.target.path_and_query().clone();
        for stage in &self.policy.request {
            match stage.head(&mut head, &mut self.exchange) {
                Verdict::Pass => {}
                Verdict::Refuse(refusal) => return Err(refusal.into()),
                Verdict::Answer(answer) => return Err(Ended::Answered(answer)),
                Verdict::Serve(service) => {
                    self.trail.client = self.exchange.client;
                    return Err(Ended::Served(service, Box::new(head)));
                }
            }
        }
        self.trail.client = self.exchange.client;
        Ok(head)
    }

    /// Sends an admitted request to the app and answers with what comes back.
    async fn forward(mut self, head: RequestHead, incoming: Incoming) -> Response<ResponseBody> {
        let upgrade = head.upgrade.clone();
        let sending = Rc::clone(&self.hold.running().request);
        let mut body = RequestBody::new(incoming, self.policy.plan.body, sending, self.connection.wire.clone());
        if let Some(waf) = &self.policy.waf
            && let Err(refusal) = Box::pin(self.inspect(waf, &head, &mut body)).await
        {
            return Box::pin(self.refuse(refusal)).await;
        }
        if let Some(gate) = &self.policy.gate {
            match gate.enter() {
                Some(pass) => self.hold.pass = Some(pass),
                None => return Box::pin(self.refuse(failure::busy())).await,
            }
        }
        let sent = self.send(head, body, upgrade.is_some()).await;
        // Judging takes microseconds: one clock serves for both times.
        self.trail.upstream = Some(self.exchange.started.elapsed());
        self.trail.received = self.hold.running().request.flow.bytes();
        match sent {
            Ok(response) => self.respond(response).await,
            Err(refusal) => {
                if self.inspection.is_some() {
                    Box::pin(self.end_inspection()).await;
                }
                Box::pin(self.refuse(refusal)).await
            }
        }
    }

    /// Judges a request by the firewall's rules, before the app sees a byte of it.
    async fn inspect(&mut self, waf: &Waf, head: &RequestHead, body: &mut RequestBody) -> Result<(), Refusal> {
        let Some(mut inspection) = Inspection::begin(waf, head, &self.exchange) else { return Ok(()) };
        let outcome = inspection.request(waf, head, body).await;
        self.inspection = Some(inspection);
        if outcome.is_err() {
            self.end_inspection().await;
        }
        outcome
    }

    /// Judges the app's answer; the first bytes that were read of it are kept for the client.
    async fn inspect_answer(
        &mut self,
        head: &ResponseHead,
        body: &mut UpstreamBody<RequestBody>,
        seen: &mut Vec<Frame<Bytes>>,
    ) -> Result<(), Refusal> {
        let (Some(inspection), Some(waf)) = (&mut self.inspection, &self.policy.waf) else { return Ok(()) };
        let mut outcome = inspection.response(waf, head).await;
        if outcome.is_ok() && inspection.wants_response_body(head) {
            // An error comes again when the client's side asks for the rest.
            while let Some(Ok(frame)) = body.frame().await {
                let goes_on = frame.data_ref().is_none_or(|data| inspection.take_response(data));
                seen.push(frame);
                if !goes_on {
                    break;
                }
            }
            outcome = inspection.response_body(waf).await;
        }
        self.end_inspection().await;
        outcome
    }

    async fn end_inspection(&mut self) {
        if let (Some(inspection), Some(waf)) = (self.inspection.take(), &self.policy.waf) {
            let site = self.site.map_or("", |site| site.counters.name());
            inspection.end(waf, &self.worker.shared.waf, site, &self.exchange).await;
        }
    }

    async fn send(
        &self,
        head: RequestHead,
        body: RequestBody,
        upgrade: bool,
    ) -> Result<UpstreamResponse<RequestBody>, Refusal> {
        // An admitted request has a site: framing and hosts come first.
        let Some(site) = self.site else { return Err(Refusal::new(&host::UNKNOWN_HOST)) };
        let request = upstream_request(head, body);
        let context = SendContext { upgrade };
        match site.credentials.as_ref().filter(|_| self.policy.plan.credentials) {
            None => self.send_once(site, request, context).await,
            // Boxed, here and below: rare, and its state would make the future of every request larger.
            Some(credentials) => Box::pin(self.send_with(credentials, site, request, context)).await,
        }
    }

    async fn send_once(
        &self,
        site: &RunningSite,
        request: Request<RequestBody>,
        context: SendContext,
    ) -> Result<UpstreamResponse<RequestBody>, Refusal> {
        let sent = self.worker.pool.send(&site.upstream, request, context).await;
        sent.map_err(|error| failure::of(&error, self.hold.running()))
    }

    /// Sends with a token, and once more with a new one where the app refuses the first.
    async fn send_with(
        &self,
        credentials: &Credentials,
        site: &RunningSite,
        mut request: Request<RequestBody>,
        context: SendContext,
    ) -> Result<UpstreamResponse<RequestBody>, Refusal> {
        let token = credentials.token(&self.worker.pool).await.map_err(|error| failure::no_credentials(&error))?;
        // A request whose body is spent cannot be sent twice.
        let again = request.body().is_end_stream().then(|| repeat(&request));
        request.headers_mut().insert(AUTHORIZATION, token.clone());
        let first = self.send_once(site, request, context).await?;
        let Some(mut request) = again.filter(|_| first.head.status == StatusCode::UNAUTHORIZED) else {
            return Ok(first);
        };
        credentials.reject(&token);
        let token = credentials.token(&self.worker.pool).await.map_err(|error| failure::no_credentials(&error))?;
        request.headers_mut().insert(AUTHORIZATION, token);
        self.send_once(site, request, context).await
    }

    /// Walks the app's answer through the response stages.
    async fn respond(mut self, response: UpstreamResponse<RequestBody>) -> Response<ResponseBody> {
        let UpstreamResponse { head, mut body, upgrade } = response;
        let mut head = ResponseHead { status: head.status, headers: head.headers, maker: Maker::Upstream };
        hop_by_hop::remove(&mut head.headers);
        head.headers.reserve(HEADERS_WE_ADD);
        let mut seen = Vec::new();
        if self.inspection.is_some()
            && let Err(refusal) = Box::pin(self.inspect_answer(&head, &mut body, &mut seen)).await
        {
            drop(body);
            return Box::pin(self.refuse(refusal)).await;
        }
        let page = self.plan_page(&head);
        self.tell_visits(&head);
        let hashing = if page.is_none() { self.hash_file(&head) } else { None };
        if head.status == StatusCode::NOT_MODIFIED
            && let Some(kept) = &self.exchange.kept
        {
            pages::confirm(&mut head.headers, &kept.if_none_match);
        }
        let mut replaced = None;
        for stage in &self.policy.response {
            let mut verdict = stage.head(&mut head, &self.exchange);
            if let ResponseVerdict::Inspect(limit) = verdict {
                let start = Box::pin(start_of_body(&mut body, &mut seen, limit)).await;
                verdict = stage.start_of_body(&start, &head, &self.exchange);
            }
            if let ResponseVerdict::Replace(refusal) = verdict {
                // The page of ours walks on through the later stages in the answer's place.
                replaced = Some(self.page(&mut head, refusal));
            }
        }
        if let Some(page) = replaced {
            drop(body);
            self.settle_upgrade();
            return self.finish(head, page);
        }
        self.trail.status = head.status;
        match upgrade {
            Some(upstream) if head.status == StatusCode::SWITCHING_PROTOCOLS => {
                head.headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
                let pass = self.hold.pass.take();
                *self.connection.upgrade.borrow_mut() = Some(Upgrade { upstream, trail: Some(self.trail), pass });
                into_response(head, ResponseBody::full(Bytes::new(), None, None))
            }
            _ => {
                self.settle_upgrade();
                let rewriting = page.and_then(|page| self.rewrite(*page, &mut head));
                let passing = match (rewriting, hashing) {
                    (Some(rewriting), _) => Passing::Rewritten(rewriting),
                    (None, Some(hashing)) => Passing::Hashed(hashing),
                    (None, None) => Passing::Untouched,
                };
                into_response(head, ResponseBody::upstream(seen, body, passing, self.trail, self.hold))
            }
        }
    }

    /// Ends the exchange with an error page, or with nothing where that is what the refusal says.
    async fn refuse(mut self, refusal: Refusal) -> Response<ResponseBody> {
        self.settle_upgrade();
        // The app is done with it; a client that is slow to read our page keeps no place.
        self.hold.pass = None;
        let mut head = ResponseHead { status: refusal.status, headers: HeaderMap::new(), maker: Maker::Bartizan };
        let is_dropped = refusal.kind.after == After::Drop;
        let page = self.page(&mut head, refusal);
        if is_dropped {
            self.trail.status = head.status;
            self.connection.kill.turn_on();
            // The connection ends before this could be answered; the trail is written when it is dropped.
            return std::future::pending().await;
        }
        // What the client still sends is read for a moment, or a reset would destroy the page on its way.
        self.connection.linger.set(true);
        self.walk_own(&mut head);
        self.finish(head, page)
    }

    /// Ends the exchange with what a service of ours says.
    async fn serve(
        self,
        service: Arc<dyn LocalService>,
        head: RequestHead,
        incoming: Incoming,
    ) -> Response<ResponseBody> {
        let sending = Rc::clone(&self.hold.running().request);
        let body = RequestBody::new(incoming, self.policy.plan.body, sending, self.connection.wire.clone());
        let body = whole(body, service.largest_body()).await;
        if body.is_err() {
            // As for a refusal: what is still sent is read for a moment.
            self.connection.linger.set(true);
        }
        let request = LocalRequest {
            site: self.site.map_or_else(|| Arc::from(""), |site| Arc::from(site.counters.name())),
            client: self.exchange.client,
            method: head.method,
            target: head.target.path_and_query().clone(),
            headers: head.headers,
            body,
        };
        let answer = service.answer(request).await;
        self.answer(answer)
    }

    /// Ends the exchange with an answer of a stage.
    fn answer(self, answer: Answer) -> Response<ResponseBody> {
        self.settle_upgrade();
        let Answer { status, headers, body } = answer;
        let mut head = ResponseHead { status, headers, maker: Maker::Bartizan };
        head.headers.reserve(HEADERS_WE_ADD);
        self.walk_own(&mut head);
        self.finish(head, body)
    }

    /// Walks an answer of ours through the response stages, which add their headers and replace nothing.
    fn walk_own(&self, head: &mut ResponseHead) {
        for stage in &self.policy.response {
            // No stage inspects or replaces what the wall itself says.
            let _ = stage.head(head, &self.exchange);
        }
    }

    /// Turns a head into that of an error page and returns the page; the refusal goes into the trail.
    fn page(&mut self, head: &mut ResponseHead, mut refusal: Refusal) -> Bytes {
        let retry_after = head.headers.remove(RETRY_AFTER);
        let wants = match (self.exchange.wants, refusal.form) {
            (Wants::Text, Some(form)) => form,
            (named, _) => named,
        };
        let Answer { status, headers, body } = self.policy.pages.render(refusal.status, wants, &self.exchange.id);
        *head = ResponseHead { status, headers, maker: Maker::Bartizan };
        head.headers.reserve(HEADERS_WE_ADD);
        for (name, value) in refusal.headers.drain(..) {
            head.headers.append(name, value);
        }
        if let Some(value) = retry_after {
            head.headers.insert(RETRY_AFTER, value);
        }
        if refusal.kind.after == After::Close && self.version < Version::HTTP_2 {
            head.headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        self.trail.refused(&mut refusal);
        body
    }

    fn finish(mut self, mut head: ResponseHead, mut body: Bytes) -> Response<ResponseBody> {
        self.trail.status = head.status;
        if self.exchange.method == Method::HEAD {
            head.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
            body = Bytes::new();
        }
        into_response(head, ResponseBody::full(body, Some(self.trail), Some(self.hold)))
    }

    /// Tells the guard that a request for an upgrade was not granted, so that it reads the next request.
    fn settle_upgrade(&self) {
        if let Some(wire) = &self.connection.wire
            && wire.phase() == Phase::Upgrading
        {
            wire.not_upgraded();
        }
    }
}

/// Serialises nothing yet: hyper writes the one strict form of what stands here.
fn upstream_request(head: RequestHead, body: RequestBody) -> Request<RequestBody> {
    let RequestHead { method, target, host, mut headers, upgrade, .. } = head;
    headers.insert(HOST, host);
    if let Some(protocol) = upgrade {
        headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
        headers.insert(UPGRADE, protocol.protocols);
    }
    let mut request = Request::new(body);
    *request.method_mut() = method;
    *request.uri_mut() = Uri::from(target.path_and_query().clone());
    *request.headers_mut() = headers;
    request
}

/// The same request once more, for one whose body is empty.
fn repeat(request: &Request<RequestBody>) -> Request<RequestBody> {
    let mut again = Request::new(RequestBody::empty());
    again.method_mut().clone_from(request.method());
    again.uri_mut().clone_from(request.uri());
    again.headers_mut().clone_from(request.headers());
    again
}

fn into_response(head: ResponseHead, body: ResponseBody) -> Response<ResponseBody> {
    let mut response = Response::new(body);
    *response.status_mut() = head.status;
    *response.headers_mut() = head.headers;
    response
}

/// Reads a body whole, `limit` bytes at most.
async fn whole(mut body: RequestBody, limit: usize) -> Result<Bytes, BodyFault> {
    let mut bytes = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| match error {
            RequestBodyError::TooLarge => BodyFault::TooLarge,
            RequestBodyError::Left | RequestBodyError::Malformed(_) | RequestBodyError::Slow => BodyFault::Broken,
        })?;
        let Some(data) = frame.data_ref() else { continue };
        if bytes.len() + data.len() > limit {
            return Err(BodyFault::TooLarge);
        }
        bytes.extend_from_slice(data);
    }
    Ok(bytes.freeze())
}

/// Reads the first bytes of a body for a stage; every frame is kept for the client.
async fn start_of_body(body: &mut UpstreamBody<RequestBody>, seen: &mut Vec<Frame<Bytes>>, limit: usize) -> Vec<u8> {
    let mut start: Vec<u8> = seen.iter().filter_map(Frame::data_ref).flatten().copied().collect();
    let read = async {
        while start.len() < limit {
            // An error comes again when the client's side asks for the rest.
            let Some(Ok(frame)) = body.frame().await else { return };
            if let Some(data) = frame.data_ref() {
                start.extend_from_slice(data);
            }
            seen.push(frame);
        }
    };
    // An app that is slow to say what went wrong is shown to the client as slow.
    let _ = tokio::time::timeout(INSPECTION, read).await;
    start.truncate(limit);
    start
}

/// Room for every header a strict profile adds, so that the map grows once.
const HEADERS_WE_ADD: usize = 20;

/// How long the start of an error answer is waited for.
const INSPECTION: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;

    fn size<A, B, C, F>(_: impl Fn(A, B, C) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn an_exchange_is_small_enough_to_be_moved() {
        // Each request's future is made once and moved once; a rare path that grows it belongs in a box.
        assert!(size(run) <= 6720, "{}", size(run));
    }
}
