//! The connections of one worker to all apps.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use super::slots::Slots;
use super::{ExchangeBody, Upstream};

/// One worker's connections. Clones share them; it stays on its thread.
pub struct Pool<B: ExchangeBody> {
    upstreams: Rc<RefCell<HashMap<u64, Rc<Slots<B>>>>>,
}

impl<B: ExchangeBody> Pool<B> {
    /// Returns a pool without connections.
    pub fn new() -> Self {
        Self { upstreams: Rc::default() }
    }

    /// Closes connections that have been idle for too long, and those of upstreams that no configuration knows.
    ///
    /// Called every second or so; a request passes over connections that are too old in any case.
    pub fn prune(&self, now: Instant) {
        self.upstreams.borrow_mut().retain(|_, slots| slots.prune(now));
    }

    /// Returns how many connections rest.
    pub fn idle(&self) -> usize {
        self.upstreams.borrow().values().map(|slots| slots.idle()).sum()
    }

    pub(super) fn slots(&self, upstream: &Arc<Upstream>) -> Rc<Slots<B>> {
        if let Some(slots) = self.upstreams.borrow().get(&upstream.id) {
            return Rc::clone(slots);
        }
        let slots = Rc::new(Slots::new(upstream));
        self.upstreams.borrow_mut().insert(upstream.id, Rc::clone(&slots));
        slots
    }
}

impl<B: ExchangeBody> Clone for Pool<B> {
    fn clone(&self) -> Self {
        Self { upstreams: Rc::clone(&self.upstreams) }
    }
}

impl<B: ExchangeBody> Default for Pool<B> {
    fn default() -> Self {
        Self::new()
    }
}

impl<B: ExchangeBody> fmt::Debug for Pool<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("idle", &self.idle()).finish_non_exhaustive()
    }
}
