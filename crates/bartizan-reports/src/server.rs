//! The stand-alone server: connections in, the endpoint's answers out.
//!
//! It speaks plain HTTP: the wall, or another proxy, brings TLS.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use crate::alerts::AlertCounters;
use crate::endpoint::{Answer, Ask, Endpoint, Opening};
use crate::forwarded::Proxies;

/// Answers until the signal is set, then lets what runs end for a moment.
pub async fn serve(socket: TcpListener, endpoint: Endpoint, proxies: Arc<Proxies>, mut end: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        // Waiting here leaves others in the system's queue, where they cost nothing.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let accepted = tokio::select! {
            accepted = socket.accept() => accepted,
            _ = end.wait_for(|end| *end) => break,
        };
        let Ok((tcp, peer)) = accepted else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // Answers are small and written at once.
        let _ = tcp.set_nodelay(true);
        let (endpoint, proxies, mut end) = (endpoint.clone(), Arc::clone(&proxies), end.clone());
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let (endpoint, proxies) = (endpoint.clone(), Arc::clone(&proxies));
                async move { Ok::<_, Infallible>(answer(&endpoint, &proxies, request, peer).await) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_TIMEOUT)
                .max_buf_size(BUFFER)
                .serve_connection(TokioIo::new(tcp), service);
            let mut connection = std::pin::pin!(connection);
            // A client that breaks off has nothing to be told.
            let is_ending = tokio::select! {
                _ = connection.as_mut() => false,
                ended = end.wait_for(|end| *end) => ended.is_ok(),
            };
            if is_ending {
                connection.as_mut().graceful_shutdown();
                let _ = tokio::time::timeout(DRAIN, connection).await;
            }
            drop(place);
        });
    }
    // Every place given back means that every connection ended.
    let all = u32::try_from(CONNECTIONS - 1).unwrap_or(u32::MAX);
    let _ = tokio::time::timeout(DRAIN, places.acquire_many(all)).await;
}

async fn answer(
    endpoint: &Endpoint,
    proxies: &Proxies,
    request: Request<Incoming>,
    peer: SocketAddr,
) -> Response<Full<Bytes>> {
    let (head, body) = request.into_parts();
    let client = proxies.client(peer.ip(), &head.headers);
    let ask = Ask { method: &head.method, path: head.uri.path(), headers: &head.headers, client, site: None };
    let most = match endpoint.open(&ask) {
        Opening::Answer(answer) => return respond(answer),
        Opening::Read(most) => most,
    };
    match tokio::time::timeout(BODY_TIMEOUT, Limited::new(body, most).collect()).await {
        Ok(Ok(body)) => respond(endpoint.take(&ask, Some(&body.to_bytes()))),
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => respond(endpoint.take(&ask, None)),
        // Broken off or too slow; nobody reads this.
        Ok(Err(_)) | Err(_) => {
            let mut response = Response::new(Full::default());
            *response.status_mut() = StatusCode::REQUEST_TIMEOUT;
            response
        }
    }
}

fn respond(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}

/// What answers the other paths beside metrics and health: the whole request comes, and the answer may flow.
pub type Beside = Arc<dyn Fn(Request<Bytes>, SocketAddr) -> Answering + Send + Sync>;

/// An answer under way.
pub type Answering = Pin<Box<dyn Future<Output = Response<AdminBody>> + Send>>;

/// The body of an answer of the admin address.
pub type AdminBody = UnsyncBoxBody<Bytes, Infallible>;

/// Answers `/metrics` and `/health` for whoever may reach the address.
pub async fn serve_admin(
    socket: TcpListener,
    endpoint: Endpoint,
    alerts: Arc<AlertCounters>,
    beside: Option<Beside>,
    mut end: watch::Receiver<bool>,
) {
    loop {
        let accepted = tokio::select! {
            accepted = socket.accept() => accepted,
            _ = end.wait_for(|end| *end) => return,
        };
        let Ok((tcp, peer)) = accepted else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let (endpoint, alerts, beside) = (endpoint.clone(), Arc::clone(&alerts), beside.clone());
        // Somebody may watch for hours.
        let most = if beside.is_some() { LONGEST_WATCH } else { BODY_TIMEOUT };
        tokio::spawn(async move {
            let service = service_fn(move |request: Request<Incoming>| {
                let (endpoint, alerts, beside) = (endpoint.clone(), Arc::clone(&alerts), beside.clone());
                async move { Ok::<_, Infallible>(answer_admin(&endpoint, &alerts, beside, request, peer).await) }
            });
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_TIMEOUT)
                .serve_connection(TokioIo::new(tcp), service);
            let _ = tokio::time::timeout(most, connection).await;
        });
    }
}

async fn answer_admin(
    endpoint: &Endpoint,
    alerts: &AlertCounters,
    beside: Option<Beside>,
    request: Request<Incoming>,
    peer: SocketAddr,
) -> Response<AdminBody> {
    let is_own = matches!(request.uri().path(), "/metrics" | "/health");
    let Some(beside) = beside.filter(|_| !is_own) else { return admin(endpoint, alerts, &request).map(AdminBody::new) };
    let (head, body) = request.into_parts();
    match tokio::time::timeout(BODY_TIMEOUT, Limited::new(body, ADMIN_BODY).collect()).await {
        Ok(Ok(body)) => beside(Request::from_parts(head, body.to_bytes()), peer).await,
        Ok(Err(_)) | Err(_) => {
            let mut response = Response::new(AdminBody::new(Full::default()));
            *response.status_mut() = StatusCode::PAYLOAD_TOO_LARGE;
            response
        }
    }
}

fn admin(endpoint: &Endpoint, alerts: &AlertCounters, request: &Request<Incoming>) -> Response<Full<Bytes>> {
    let (status, text) = match (request.method(), request.uri().path()) {
        (&Method::GET | &Method::HEAD, "/metrics") => {
            (StatusCode::OK, endpoint.collector().metrics() + &alerts.render())
        }
        (&Method::GET | &Method::HEAD, "/health") => (StatusCode::OK, "ok\n".to_owned()),
        _ => (StatusCode::NOT_FOUND, "here are /health and /metrics\n".to_owned()),
    };
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    let form = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, form);
    response
}

/// Each holds a body of 1 MiB at most.
const CONNECTIONS: usize = 2048;

const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// A megabyte over a slow line.
const BODY_TIMEOUT: Duration = Duration::from_secs(30);

/// A browser that is cut off begins anew by itself.
const LONGEST_WATCH: Duration = Duration::from_secs(24 * 3600);

/// Forms are far shorter.
const ADMIN_BODY: usize = 128 << 10;

const DRAIN: Duration = Duration::from_secs(2);

const PAUSE: Duration = Duration::from_millis(100);

/// A batch of 100 reports is read in one go.
const BUFFER: usize = 128 << 10;
