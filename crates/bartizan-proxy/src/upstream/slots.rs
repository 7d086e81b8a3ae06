//! The connections that one worker keeps to one app, by address.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::{Arc, Weak};
use std::time::Instant;

use tokio::sync::Mutex;

use super::connection::{Http1, Http2, open_http2};
use super::ledger::Ledger;
use super::{Address, ExchangeBody, Upstream, UpstreamError, UpstreamErrorKind};
use crate::wire::Fault;

/// One worker's connections to one app.
pub(super) struct Slots<B: ExchangeBody> {
    /// Whose turn it is (round robin).
    pub(super) cursor: Cell<usize>,
    /// The ledger of requests without a body over HTTP/2, which have nothing to note.
    pub(super) bodiless: Rc<Ledger>,
    /// Weak, and asked only when something went wrong: what all workers count on is dear to touch.
    upstream: Weak<Upstream>,
    idle_connections: usize,
    slots: Vec<Slot<B>>,
}

struct Slot<B: ExchangeBody> {
    name: Arc<str>,
    /// Most recently used last: that one is taken, so that the others can grow old and be closed.
    idle: RefCell<Vec<Http1<B>>>,
    shared: RefCell<Option<Http2<B>>>,
    /// When a request last took the shared connection.
    shared_since: Cell<Instant>,
    /// Held while the shared connection is made, so that a burst of requests makes one.
    dialling: Mutex<()>,
    /// Counts the connections that did not come about, so that those who waited for one learn of it.
    misses: Cell<u64>,
}

impl<B: ExchangeBody> Slots<B> {
    pub(super) fn new(upstream: &Arc<Upstream>) -> Self {
        let slot = |address: &Address| Slot {
            name: Arc::clone(&address.name),
            idle: RefCell::default(),
            shared: RefCell::default(),
            shared_since: Cell::new(Instant::now()),
            dialling: Mutex::new(()),
            misses: Cell::new(0),
        };
        Self {
            cursor: Cell::new(0),
            bodiless: Ledger::finished(),
            upstream: Arc::downgrade(upstream),
            idle_connections: upstream.plan.idle_connections,
            slots: upstream.addresses.iter().map(slot).collect(),
        }
    }

    /// Takes an idle connection that is still good.
    pub(super) fn take(&self, upstream: &Upstream, index: usize) -> Option<Http1<B>> {
        let mut idle = self.slots.get(index)?.idle.borrow_mut();
        let now = Instant::now();
        while let Some(connection) = idle.pop() {
            if now.duration_since(connection.idle_since) >= upstream.plan.idle_timeout {
                // Those below it have rested even longer.
                idle.clear();
                return None;
            }
            // Never waits for one to become ready: an unfinished upload would stall this request.
            if connection.is_reusable() {
                return Some(connection);
            }
        }
        None
    }

    /// Keeps a connection whose exchange is over, or closes it.
    pub(super) fn give_back(&self, index: usize, mut connection: Http1<B>) {
        let Some(slot) = self.slots.get(index) else { return };
        let mut idle = slot.idle.borrow_mut();
        if connection.is_reusable() && idle.len() < self.idle_connections {
            connection.idle_since = Instant::now();
            idle.push(connection);
        }
    }

    /// Names the error of a response body, and counts it against the address.
    pub(super) fn cut_short(
        &self,
        index: usize,
        error: hyper::Error,
        fault: Option<Fault>,
        ledger: &Ledger,
    ) -> Option<UpstreamError> {
        let error = UpstreamError::in_body(error, fault, &self.slots.get(index)?.name, ledger);
        if let Some(upstream) = self.upstream.upgrade() {
            upstream.note(index, Err(&error));
        }
        Some(error)
    }

    /// Returns the shared connection; its age says whether it was there before.
    pub(super) async fn shared(
        &self,
        upstream: &Upstream,
        address: &Address,
        index: usize,
    ) -> Result<(Http2<B>, Age), UpstreamError> {
        let Some(slot) = self.slots.get(index) else {
            return open_http2(upstream, address).await.map(|sender| (sender, Age::Fresh));
        };
        if let Some(sender) = slot.open_sender() {
            return Ok((sender, Age::Reused));
        }
        let misses = slot.misses.get();
        let _turn = slot.dialling.lock().await;
        if let Some(sender) = slot.open_sender() {
            return Ok((sender, Age::Fresh));
        }
        if slot.misses.get() != misses {
            // Whoever dialled meanwhile met a wall: asking again, one after the other, would only queue.
            return Err(UpstreamError::new(UpstreamErrorKind::Connect, &address.name, None));
        }
        match open_http2(upstream, address).await {
            Ok(sender) => {
                slot.shared_since.set(Instant::now());
                *slot.shared.borrow_mut() = Some(sender.clone());
                Ok((sender, Age::Fresh))
            }
            Err(error) => {
                slot.misses.set(misses.wrapping_add(1));
                Err(error)
            }
        }
    }

    /// Closes what has been idle for too long or was closed by the app; returns whether the app is still in use.
    pub(super) fn prune(&self, now: Instant) -> bool {
        let Some(upstream) = self.upstream.upgrade() else { return false };
        for slot in &self.slots {
            slot.idle.borrow_mut().retain(|connection| {
                connection.is_reusable() && now.duration_since(connection.idle_since) < upstream.plan.idle_timeout
            });
            // Letting go of it ends no exchange: it closes when the last stream is over.
            let is_old = now.duration_since(slot.shared_since.get()) >= upstream.plan.idle_timeout;
            slot.shared.borrow_mut().take_if(|sender| is_old || sender.is_closed());
        }
        true
    }

    /// Returns how many connections rest.
    pub(super) fn idle(&self) -> usize {
        self.slots.iter().map(|slot| slot.idle.borrow().len()).sum()
    }
}

/// Whether a connection had carried an exchange before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    Fresh,
    Reused,
}

impl<B: ExchangeBody> Slot<B> {
    fn open_sender(&self) -> Option<Http2<B>> {
        let sender = self.shared.borrow().as_ref().filter(|sender| sender.is_ready()).cloned();
        if sender.is_some() {
            self.shared_since.set(Instant::now());
        }
        sender
    }
}
