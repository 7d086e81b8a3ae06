//! One connection to one address, with hyper on top of it and its task beside it.

use std::cell::Cell;
use std::future::poll_fn;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use hyper::client::conn::{http1, http2};
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;
use tokio::task::{AbortHandle, spawn_local};

use super::dial::{Protocol, dial};
use super::ledger::Ledger;
use super::outgoing::Outgoing;
use super::stream::UpstreamStream;
use super::upgrade::Handover;
use super::{Address, ExchangeBody, Upstream, UpstreamError, UpstreamErrorKind};
use crate::wire::{Asked, Fault, ResponseGuard, UpstreamPhase, UpstreamWire, WireLimits};

type Guarded = TokioIo<ResponseGuard<UpstreamStream>>;

/// An HTTP/1.1 connection, which carries one exchange at a time. Dropping it closes it at once.
pub(super) struct Http1<B: ExchangeBody> {
    pub(super) sender: http1::SendRequest<Outgoing<B>>,
    pub(super) ledger: Rc<Ledger>,
    pub(super) idle_since: Instant,
    address: Arc<str>,
    /// Where the stream goes after a 101; filled only when an upgrade was asked for.
    handover: Rc<Cell<Option<oneshot::Sender<Handover>>>>,
    task: AbortHandle,
    wire: Arc<UpstreamWire>,
}

/// An HTTP/2 connection, which all exchanges with one address share.
pub(super) type Http2<B> = http2::SendRequest<Outgoing<B>>;

impl<B: ExchangeBody> Http1<B> {
    pub(super) async fn open(upstream: &Upstream, address: &Address) -> Result<Self, UpstreamError> {
        let stream = dial(upstream, address, Protocol::Http1).await?;
        let wire = Arc::new(UpstreamWire::default());
        let limits = WireLimits { response_head_bytes: upstream.plan.response_head, ..WireLimits::default() };
        let guarded = TokioIo::new(ResponseGuard::new(stream, limits, Arc::clone(&wire)));
        let (sender, connection) = http1::Builder::new()
            // No `max_headers`: a number of its own, even the default's, makes hyper clear memory for so many fields
            // with every response. The guard's limit is the same and counts first.
            .max_buf_size(BUFFER.max(limits.response_head_bytes))
            .handshake(guarded)
            .await
            .map_err(|error| UpstreamError::new(UpstreamErrorKind::Connect, &address.name, Some(error.into())))?;
        let handover = Rc::default();
        let task = spawn_local(drive(connection, Rc::clone(&handover))).abort_handle();
        let (ledger, idle_since) = (Ledger::finished(), Instant::now());
        Ok(Self { sender, ledger, idle_since, address: Arc::clone(&address.name), handover, task, wire })
    }

    /// Announces the next request to the guard.
    pub(super) fn expect(&self, asked: Asked) -> Option<oneshot::Receiver<Handover>> {
        self.wire.expect(asked);
        (asked == Asked::Upgrade).then(|| {
            let (sender, receiver) = oneshot::channel();
            self.handover.set(Some(sender));
            receiver
        })
    }

    /// Returns whether a further exchange may follow: both messages are over and the line is quiet.
    pub(super) fn is_reusable(&self) -> bool {
        self.ledger.is_finished() && self.wire.is_reusable() && self.sender.is_ready()
    }

    /// Returns whether not a byte of an answer has come since the last request was announced.
    pub(super) fn is_unanswered(&self) -> bool {
        self.wire.phase() == UpstreamPhase::Awaiting && self.wire.fault().is_none()
    }

    /// Returns the fault of the app's bytes that ended the connection, if one did.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.wire.fault()
    }

    pub(super) fn address(&self) -> &Arc<str> {
        &self.address
    }
}

impl<B: ExchangeBody> Drop for Http1<B> {
    fn drop(&mut self) {
        // hyper would first finish an upload that nobody waits for, or drain a body that nobody reads.
        self.task.abort();
    }
}

/// Runs the connection to its end and hands it over if that end was a 101.
async fn drive<B: ExchangeBody>(
    mut connection: http1::Connection<Guarded, Outgoing<B>>,
    handover: Rc<Cell<Option<oneshot::Sender<Handover>>>>,
) {
    // Errors reach whoever awaits the response or reads its body; between exchanges nobody misses them.
    let ended = poll_fn(|cx| connection.poll_without_shutdown(cx)).await;
    if let (Ok(()), Some(receiver)) = (ended, handover.take()) {
        let parts = connection.into_parts();
        // Nobody waits when the answer was not 101: the connection then closes here.
        let _ = receiver.send(Handover { io: parts.io.into_inner(), read: parts.read_buf });
    }
}

/// Opens the HTTP/2 connection that an address's exchanges share.
pub(super) async fn open_http2<B: ExchangeBody>(
    upstream: &Upstream,
    address: &Address,
) -> Result<Http2<B>, UpstreamError> {
    let stream = dial(upstream, address, Protocol::Http2).await?;
    let head = u32::try_from(upstream.plan.response_head).unwrap_or(u32::MAX);
    let (sender, connection) = http2::Builder::new(LocalExecutor)
        .max_header_list_size(head)
        // An app may send at line speed: hyper's own windows suit a browser's share of a link.
        .initial_stream_window_size(1024 * 1024)
        .initial_connection_window_size(8 * 1024 * 1024)
        .handshake(TokioIo::new(stream))
        .await
        .map_err(|error| UpstreamError::new(UpstreamErrorKind::Connect, &address.name, Some(error.into())))?;
    spawn_local(async move {
        // Ends by itself when the last sender and the last stream are gone.
        let _ = connection.await;
    });
    Ok(sender)
}

/// What is read ahead, raised where a larger head is allowed. A client that does not read costs a few
/// of these: at the app's side, on the way, and at its own.
const BUFFER: usize = 128 * 1024;

/// Spawns hyper's inner tasks on this worker.
#[derive(Debug, Clone, Copy)]
struct LocalExecutor;

impl<F: Future<Output = ()> + 'static> hyper::rt::Executor<F> for LocalExecutor {
    fn execute(&self, future: F) {
        spawn_local(future);
    }
}
