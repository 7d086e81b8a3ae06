//! One connection from its first byte to its last: PROXY header, TLS, HTTP, and what follows an upgrade.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;
use std::time::{Duration, Instant};

use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::config::{Limits, ProxyProtocol};
use crate::context::ConnectionFacts;
use crate::corked::cork;
use crate::exchange;
use crate::flow::Flow;
use crate::proxy_protocol;
use crate::shared::ConnectionPermit;
use crate::switch::Switch;
use crate::tls;
use crate::upgrade::{self, Upgrade};
use crate::watched::{Watch, Watched};
use crate::wire::{Phase, RequestGuard, WireState};
use crate::worker::Worker;

/// What the tasks of one connection and the sweeper share.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) facts: Arc<ConnectionFacts>,
    /// The HTTP/1.1 guard's view of the bytes; none over HTTP/2.
    pub(crate) wire: Option<Arc<WireState>>,
    /// Requests begun, the number of the next one over HTTP/1.1.
    pub(crate) requests: Cell<u64>,
    /// Exchanges that are not over.
    pub(crate) running: RefCell<Vec<Rc<Running>>>,
    /// Set when an answer ends the connection: what the client still sends is read and dropped for a while.
    pub(crate) linger: Cell<bool>,
    /// What the connection becomes after a 101.
    pub(crate) upgrade: RefCell<Option<Upgrade>>,
    /// Ends the connection at once.
    pub(crate) kill: Switch,
    /// Ends it after the exchanges that run.
    pub(crate) drain: Switch,
    watch: Rc<Watch>,
    quiet: RefCell<Quiet>,
}

/// One exchange as the sweeper sees it.
#[derive(Debug, Default)]
pub(crate) struct Running {
    /// The request body: the client is waited for.
    pub(crate) request: Rc<crate::body::Sending>,
    /// The response body: the client is waited for.
    pub(crate) response: Flow,
}

/// Since when nothing but the next request is waited for.
#[derive(Debug, Clone, Copy)]
struct Quiet {
    since: Instant,
    phase_changes: u64,
}

impl Connection {
    fn new(facts: ConnectionFacts, wire: Option<Arc<WireState>>, watch: Rc<Watch>) -> Self {
        Self {
            facts: Arc::new(facts),
            wire,
            requests: Cell::new(0),
            running: RefCell::default(),
            linger: Cell::new(false),
            upgrade: RefCell::new(None),
            kill: Switch::default(),
            drain: Switch::default(),
            watch,
            quiet: RefCell::new(Quiet { since: Instant::now(), phase_changes: u64::MAX }),
        }
    }

    /// Ends what takes too long: a head, a body, a rest between requests, a reader.
    pub(crate) fn sweep(&self, now: Instant, limits: &Limits) {
        let running = self.running.borrow();
        let is_stuck = self.watch.writing.sweep(now, limits.write_timeout, limits.minimum_rate);
        let mut stalled = 0;
        for exchange in running.iter() {
            // The body fails by itself: the expired flow wakes it.
            exchange.request.flow.sweep(now, limits.body_timeout, limits.minimum_rate);
            exchange.response.sweep(now, limits.write_timeout, limits.minimum_rate);
            stalled += usize::from(exchange.response.is_expired());
        }
        // A video that is paused must not end the other streams of its connection; many streams that
        // nobody reads are memory held hostage.
        if is_stuck || stalled > STALLED_STREAMS || (stalled > 0 && stalled == running.len()) {
            self.kill.turn_on();
        }
        self.sweep_quiet(now, limits, running.is_empty());
    }

    fn sweep_quiet(&self, now: Instant, limits: &Limits, is_idle: bool) {
        let mut quiet = self.quiet.borrow_mut();
        let changes = self.wire.as_ref().map_or(self.requests.get(), |wire| wire.phase_changes());
        if quiet.phase_changes != changes || !is_idle {
            *quiet = Quiet { since: now, phase_changes: changes };
            return;
        }
        let rested = now.duration_since(quiet.since);
        let over = |limit: Option<Duration>| limit.is_some_and(|limit| rested >= limit);
        match self.wire.as_ref().map(|wire| wire.phase()) {
            Some(Phase::Head) if over(limits.header_timeout) => {
                if let Some(wire) = &self.wire {
                    wire.expire_head();
                }
            }
            Some(Phase::Idle) | None => {
                // The first request is part of connecting; later ones come when a person clicks.
                let limit = if self.requests.get() == 0 { limits.header_timeout } else { limits.keep_alive };
                if over(limit) {
                    self.drain.turn_on();
                }
                // A client that does not take the hint of HTTP/2's GOAWAY is cut off.
                if limit.is_some_and(|limit| rested >= limit * 2) {
                    self.kill.turn_on();
                }
            }
            _ => {}
        }
    }
}

/// Serves a connection that was just accepted; returns when it is over.
pub(crate) async fn serve(
    worker: Rc<Worker>,
    tcp: TcpStream,
    peer: SocketAddr,
    is_tls: bool,
    _permit: ConnectionPermit,
) {
    let wall = worker.wall();
    let deadline = wall.server.limits.handshake_timeout;
    let Ok(local) = tcp.local_addr() else { return };
    // Small answers must not wait for an acknowledgement; a socket that refuses is already closed.
    let _ = tcp.set_nodelay(true);
    let mut facts = ConnectionFacts { peer, socket_peer: peer, local, tls: None };
    let mut tcp = tcp;
    if wall.server.proxy_protocol == ProxyProtocol::Required {
        // Boxed, here and below: what a connection goes through once must not be carried along by it for ever.
        match Box::pin(within(deadline, proxy_protocol::read_header(&mut tcp))).await {
            Some(Ok(Some(endpoints))) => facts.peer = endpoints.source,
            Some(Ok(None)) => {}
            _ => return,
        }
    }
    if !is_tls {
        return Box::pin(speak_http1(worker, tcp, facts)).await;
    }
    // A TLS listener without a table cannot be: the two are built together.
    let Some(table) = &wall.tls else { return };
    let accepted = Box::pin(within(deadline, tls::accept(table, tcp))).await;
    drop(wall);
    let Some(Ok((stream, tls))) = accepted else {
        worker.shared.metrics.handshakes_failed.fetch_add(1, Ordering::Relaxed);
        return;
    };
    facts.tls = Some(tls);
    if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
        Box::pin(speak_http2(worker, stream, facts)).await;
    } else {
        Box::pin(speak_http1(worker, stream, facts)).await;
    }
}

async fn speak_http1<S>(worker: Rc<Worker>, stream: S, facts: ConnectionFacts)
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let wall = worker.wall();
    let watch = Rc::new(Watch::default());
    let wire = Arc::new(WireState::default());
    let guard = RequestGuard::new(Watched::new(stream, Rc::clone(&watch)), wall.wire_limits, Arc::clone(&wire));
    let fields = wall.wire_limits.fields;
    drop(wall);
    let connection = Rc::new(Connection::new(facts, Some(wire), watch));
    let _place = worker.enter(&connection);
    let service = {
        let (worker, connection) = (Rc::clone(&worker), Rc::clone(&connection));
        service_fn(move |request| Box::pin(exchange::run(Rc::clone(&worker), Rc::clone(&connection), request)))
    };
    let mut builder = http1::Builder::new();
    if fields > HYPER_FIELDS {
        // Only then: a number of its own makes hyper clear memory for so many fields with every request.
        builder.max_headers(fields);
    }
    let mut http = builder
        // Time belongs to the sweeper, which can tell a head from a rest; size belongs to the guard.
        .header_read_timeout(None)
        // Never `pipeline_flush`: with it hyper takes a whole answer into memory for a client that does not read.
        .max_buf_size(HTTP1_BUFFER)
        .serve_connection(TokioIo::new(guard), service);
    let mut is_draining = false;
    let ended = poll_fn(|cx| {
        if connection.kill.poll(cx).is_ready() {
            return Poll::Ready(None);
        }
        if !is_draining && connection.drain.poll(cx).is_ready() {
            is_draining = true;
            Pin::new(&mut http).graceful_shutdown();
        }
        http.poll_without_shutdown(cx).map(Some)
    })
    .await;
    if ended.is_none() {
        // Nothing more is owed to this client: its stream is dropped as it is.
        return;
    }
    let parts = http.into_parts();
    Box::pin(leave(worker, connection, parts.io.into_inner(), parts.read_buf)).await;
}

/// Ends a connection over HTTP/1.1, or lets it become what it was upgraded to.
async fn leave<S>(
    worker: Rc<Worker>,
    connection: Rc<Connection>,
    mut stream: RequestGuard<Watched<S>>,
    read: bytes::Bytes,
) where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let upgrade = connection.upgrade.borrow_mut().take();
    if let Some(upgrade) = upgrade {
        return upgrade::splice(&worker, &connection, stream, read, upgrade).await;
    }
    // A client that is gone already needs no farewell.
    let _ = stream.flush().await;
    let mut stream = stream.into_inner().into_inner();
    let _ = within(Some(FAREWELL), stream.shutdown()).await;
    if connection.linger.get() {
        let _ = within(Some(LINGER), read_and_drop(&mut stream)).await;
    }
}

async fn speak_http2<S>(worker: Rc<Worker>, stream: S, facts: ConnectionFacts)
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let wall = worker.wall();
    let limits = &wall.server.limits;
    let watch = Rc::new(Watch::default());
    let connection = Rc::new(Connection::new(facts, None, Rc::clone(&watch)));
    let _place = worker.enter(&connection);
    let service = {
        let (worker, connection) = (Rc::clone(&worker), Rc::clone(&connection));
        service_fn(move |request| Box::pin(exchange::run(Rc::clone(&worker), Rc::clone(&connection), request)))
    };
    let mut builder = http2::Builder::new(LocalExecutor);
    builder
        .max_concurrent_streams(limits.streams.get())
        .max_header_list_size(u32::try_from(limits.head).unwrap_or(u32::MAX))
        // Rapid reset (CVE-2023-44487): resets that wait for us, and those we answer faults with.
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(Some(100))
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buf_size(SEND_BUFFER)
        .max_frame_size(16 * 1024);
    let (corked, uncork) = cork(Watched::new(stream, watch));
    let http = builder.serve_connection(TokioIo::new(corked), service);
    drop(wall);
    let mut http = pin!(http);
    let mut is_draining = false;
    // How it ended is known from the exchanges; the connection itself has nothing to add.
    let _ = poll_fn(|cx| {
        if connection.kill.poll(cx).is_ready() {
            return Poll::Ready(None);
        }
        if !is_draining && connection.drain.poll(cx).is_ready() {
            is_draining = true;
            http.as_mut().graceful_shutdown();
        }
        let polled = http.as_mut().poll(cx).map(Some);
        // What this turn wrote leaves now, and together; a stream that is broken ends the connection.
        match uncork.poll_send(cx) {
            Poll::Ready(Err(_)) => Poll::Ready(None),
            _ => polled,
        }
    })
    .await;
}

/// Waits for a future, but not beyond the limit.
async fn within<F: Future>(limit: Option<Duration>, future: F) -> Option<F::Output> {
    match limit {
        Some(limit) => tokio::time::timeout(limit, future).await.ok(),
        None => Some(future.await),
    }
}

/// Reads what the client still sends, so that closing does not destroy the answer on its way (RFC 9112, 9.6).
async fn read_and_drop<S: AsyncRead + Unpin>(stream: &mut S) {
    let mut room = vec![0; 16 * 1024];
    let mut left = LINGER_BYTES;
    while let Ok(read @ 1..) = stream.read(&mut room).await {
        let Some(less) = left.checked_sub(read) else { return };
        left = less;
    }
}

/// Spawns hyper's HTTP/2 streams on the worker they belong to.
#[derive(Debug, Clone, Copy)]
struct LocalExecutor;

impl<F> hyper::rt::Executor<F> for LocalExecutor
where
    F: Future + 'static,
    F::Output: 'static,
{
    fn execute(&self, future: F) {
        tokio::task::spawn_local(future);
    }
}

/// Streams of one HTTP/2 connection that may stand unread while others flow: half a megabyte at most.
const STALLED_STREAMS: usize = 8;

/// The fields that hyper reads without being told; the guard counts by the configured limit.
const HYPER_FIELDS: usize = 100;

/// Large bodies move in pieces of this size; hyper starts with 8 KiB and grows when it pays.
const HTTP1_BUFFER: usize = 128 * 1024;

/// What one upload may have on its way: a window a round trip of 50 ms fills at 40 Mbit/s.
const STREAM_WINDOW: u32 = 256 * 1024;

/// Four uploads at full speed.
const CONNECTION_WINDOW: u32 = 1024 * 1024;

/// What is held of one answer that a client is slow to take.
const SEND_BUFFER: usize = 64 * 1024;

/// How long a client may take to acknowledge the end of TLS.
const FAREWELL: Duration = Duration::from_secs(1);

/// How long a client that was refused in mid-body may go on sending before the connection is reset.
const LINGER: Duration = Duration::from_secs(2);

/// As above, in bytes.
const LINGER_BYTES: usize = 4 * 1024 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn of_serve<A, B, C, D, E, F>(_: impl Fn(A, B, C, D, E) -> F) -> usize {
        size_of::<F>()
    }

    fn of_speak<A, B, C, F>(_: impl Fn(A, B, C) -> F) -> usize {
        size_of::<F>()
    }

    #[test]
    fn an_idle_connection_carries_little() {
        type Tls = tokio_rustls::server::TlsStream<TcpStream>;
        let sizes = [of_serve(serve), of_speak(speak_http1::<Tls>), of_speak(speak_http2::<Tls>)];
        // Ten thousand of them rest in memory: what happens once belongs in a box.
        assert!(sizes.into_iter().sum::<usize>() <= 12 * 1024, "{sizes:?}");
    }
}
