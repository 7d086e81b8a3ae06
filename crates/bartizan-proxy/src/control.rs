//! What runs beside the workers: the admin listener, active health checks, certificates that change.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwap;
use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HOST, WWW_AUTHENTICATE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::access_log::LogThread;
use crate::metrics::UpstreamState;
use crate::serve::Stage;
use crate::services::{AdminBody, LARGEST_ADMIN_BODY, Sight, Turned, Want};
use crate::shared::Shared;
use crate::tls::TlsTable;
use crate::upstream;
use crate::waf::ledger::Event;
use crate::wall::Wall;

/// What the control thread needs to answer.
struct Control {
    wall: Arc<ArcSwap<Wall>>,
    shared: Arc<Shared>,
    log: Arc<LogThread>,
    stage: watch::Receiver<Stage>,
}

/// Runs until connections are cut off.
pub(crate) async fn run(
    admin: Option<std::net::TcpListener>,
    wall: Arc<ArcSwap<Wall>>,
    shared: Arc<Shared>,
    log: Arc<LogThread>,
    mut stage: watch::Receiver<Stage>,
) {
    let control = Rc::new(Control { wall, shared, log, stage: stage.clone() });
    if let Some(Ok(socket)) = admin.map(TcpListener::from_std) {
        tokio::task::spawn_local(Rc::clone(&control).accept(socket));
    }
    tokio::task::spawn_local(Rc::clone(&control).watch_certificates());
    tokio::task::spawn_local(Rc::clone(&control).check_health());
    let _ = stage.wait_for(|stage| *stage == Stage::Closing).await;
}

impl Control {
    async fn accept(self: Rc<Self>, socket: TcpListener) {
        loop {
            let Ok((tcp, peer)) = socket.accept().await else {
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let control = Rc::clone(&self);
            tokio::task::spawn_local(async move {
                let service = service_fn(|request| {
                    let control = Rc::clone(&control);
                    async move { Ok::<_, Infallible>(control.answer(request, peer).await) }
                });
                // A scraper that breaks off has nothing to be told.
                let _ = http1::Builder::new()
                    .timer(TokioTimer::new())
                    .header_read_timeout(HEAD_TIMEOUT)
                    .serve_connection(TokioIo::new(tcp), service)
                    .await;
            });
        }
    }

    async fn answer(&self, request: Request<Incoming>, peer: SocketAddr) -> Response<AdminBody> {
        let path = request.uri().path();
        match self.shared.services.admin.iter().find(|service| service.is_for(path)) {
            Some(service) if !names_an_address(&request) && !service.is_named(request.headers()) => {
                plain(StatusCode::FORBIDDEN, BY_ADDRESS).map(boxed)
            }
            Some(service) => {
                if !service.has_own_door()
                    && let Err(turned) = self.admit(&request, peer, Want::of(request.method()))
                {
                    return turn(turned).map(boxed);
                }
                let (parts, body) = request.into_parts();
                match Limited::new(body, LARGEST_ADMIN_BODY).collect().await {
                    Ok(body) => service.answer(Request::from_parts(parts, body.to_bytes()), peer).await,
                    Err(_) => plain(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large or broken\n").map(boxed),
                }
            }
            None => self.own_answer(&request, peer).map(boxed),
        }
    }

    /// Asks whoever guards the listener.
    fn admit(&self, request: &Request<Incoming>, peer: SocketAddr, want: Want) -> Result<Sight, Turned> {
        match &self.shared.services.door {
            Some(door) => door.admit(request.headers(), peer, want),
            None if want == Want::Metrics || peer.ip().to_canonical().is_loopback() => Ok(Sight::Whole),
            None => Err(Turned::Elsewhere),
        }
    }

    fn own_answer(&self, request: &Request<Incoming>, peer: SocketAddr) -> Response<Full<Bytes>> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n");
            response.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            return response;
        }
        if !names_an_address(request) {
            return plain(StatusCode::FORBIDDEN, BY_ADDRESS);
        }
        let path = request.uri().path();
        // A balancer has neither name nor token, and learns nothing but whether the wall is there.
        match path {
            "/health" => return plain(StatusCode::OK, "ok\n"),
            "/ready" if *self.stage.borrow() == Stage::Serving => return plain(StatusCode::OK, "ready\n"),
            "/ready" => return plain(StatusCode::SERVICE_UNAVAILABLE, "draining\n"),
            _ => {}
        }
        let want = if path == "/metrics" { Want::Metrics } else { Want::Read };
        let sight = match self.admit(request, peer, want) {
            Ok(sight) => sight,
            Err(turned) => return turn(turned),
        };
        let seen = |mut event: Event| {
            if sight == Sight::WithoutClients {
                event.client.clear();
            }
            serde_json::json!(event)
        };
        match path {
            "/metrics" => {
                let mut response = plain(StatusCode::OK, self.metrics());
                let form = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
                response.headers_mut().insert(CONTENT_TYPE, form);
                response
            }
            "/waf/review" => {
                let (sums, shed) = self.shared.waf.sums();
                let places: Vec<_> = sums
                    .into_iter()
                    .map(|(key, sum)| {
                        let count = sum.clients.len();
                        let clients = if sight == Sight::Whole { sum.clients } else { Vec::new() };
                        serde_json::json!({
                            "site": key.site, "rule": key.rule, "path": key.path, "target": key.target,
                            "message": sum.message, "matched": sum.matched, "refused": sum.refused,
                            "clients": clients, "client_count": count, "last": sum.last,
                        })
                    })
                    .collect();
                json(&serde_json::json!({ "places": places, "shed": shed }))
            }
            "/waf/events" => json(&self.shared.waf.recent(MOST_EVENTS).into_iter().map(seen).collect()),
            path => match path.strip_prefix("/waf/requests/").and_then(|id| self.shared.waf.find(id)) {
                Some(event) => json(&seen(event)),
                None => plain(
                    StatusCode::NOT_FOUND,
                    "here are /health, /ready, /metrics, /waf/events, /waf/review and /waf/requests/ID\n",
                ),
            },
        }
    }

    fn metrics(&self) -> String {
        let wall = self.wall.load();
        let mut upstreams = Vec::new();
        for site in &wall.sites {
            upstreams.extend(site.upstream.addresses().iter().map(|address| UpstreamState {
                site: site.counters.name().to_owned(),
                address: address.place().to_string(),
                is_up: address.state().is_healthy(),
            }));
        }
        let own = self.shared.metrics.render(u64::from(self.shared.clients.open()), &upstreams, self.log.lost());
        self.shared.services.local.iter().fold(own, |text, service| text + &service.metrics())
    }

    /// Takes over certificates that were renewed on disk; broken ones leave the old in use.
    async fn watch_certificates(self: Rc<Self>) {
        loop {
            tokio::time::sleep(CERTIFICATES_EVERY).await;
            let wall = self.wall.load_full();
            let is_due = |tls: &TlsTable| tls.stamps().changed() || tls.is_due(SystemTime::now());
            if !wall.tls.as_ref().is_some_and(is_due) {
                continue;
            }
            match Wall::build(&wall.config, &self.shared) {
                Ok(renewed) => {
                    self.wall.store(Arc::new(renewed));
                    self.shared.metrics.reloads[0].fetch_add(1, Ordering::Relaxed);
                    tracing::info!("certificates changed on disk and are in use");
                }
                Err(errors) => {
                    self.shared.metrics.reloads[1].fetch_add(1, Ordering::Relaxed);
                    for error in errors {
                        tracing::error!(
                            error = &error as &dyn std::error::Error,
                            "a changed certificate is not usable; the old one stays"
                        );
                    }
                }
            }
        }
    }

    /// Checks the addresses of every app that wants it; a reload starts afresh.
    async fn check_health(self: Rc<Self>) {
        loop {
            let wall = self.wall.load_full();
            let checks: Vec<_> = wall
                .sites
                .iter()
                .filter(|site| site.plan.upstream.health.is_some())
                .map(|site| tokio::task::spawn_local(upstream::check_forever(Arc::clone(&site.upstream))))
                .collect();
            while Arc::ptr_eq(&wall, &self.wall.load()) {
                tokio::time::sleep(PAUSE).await;
            }
            for check in checks {
                check.abort();
            }
        }
    }
}

/// Whether the request names the listener by address or as `localhost`: a page in a browser that was
/// led here by a name of its own (DNS rebinding) does not.
fn names_an_address(request: &Request<Incoming>) -> bool {
    let Some(host) = request.headers().get(HOST).and_then(|host| host.to_str().ok()) else { return false };
    let Ok(authority) = host.parse::<bartizan_headers::Authority>() else { return false };
    authority.host.as_str() == "localhost" || authority.host.address().is_some()
}

/// Turns somebody away; a browser is sent to no form, since it is programs that ask here.
fn turn(turned: Turned) -> Response<Full<Bytes>> {
    let status = if turned == Turned::Unknown { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN };
    let mut response = plain(status, format!("{turned}\n"));
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn boxed(body: Full<Bytes>) -> AdminBody {
    AdminBody::new(body)
}

fn json(value: &serde_json::Value) -> Response<Full<Bytes>> {
    let mut response = plain(StatusCode::OK, value.to_string());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The requests that one answer lists.
const MOST_EVENTS: usize = 500;

const BY_ADDRESS: &str = "ask by address or as localhost\n";

fn plain(status: StatusCode, text: impl Into<Bytes>) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(text.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Between looks at the files: soon after a renewal, cheap when nothing changes.
const CERTIFICATES_EVERY: Duration = Duration::from_secs(2);

const PAUSE: Duration = Duration::from_millis(200);
