//! How many requests run at the app on each route, counted across workers and reloads.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::Scope;

/// The counts of the process.
#[derive(Debug, Default)]
pub struct Gates {
    /// Weak, so that a route that no configuration knows any more is forgotten with its last request.
    counts: Mutex<HashMap<Scope, Weak<AtomicU32>>>,
}

/// The bound of one route.
#[derive(Debug)]
pub struct Gate {
    running: Arc<AtomicU32>,
    most: NonZeroU32,
}

/// One running request; dropping it gives its place back.
#[derive(Debug)]
pub struct Pass(Arc<AtomicU32>);

impl Gates {
    /// Returns the gate of a route; one from before a reload goes on counting what still runs.
    pub fn gate(&self, scope: Scope, most: NonZeroU32) -> Gate {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.retain(|_, count| count.strong_count() > 0);
        let known = counts.get(&scope).and_then(Weak::upgrade);
        let running = known.unwrap_or_else(|| {
            let fresh = Arc::default();
            counts.insert(scope, Arc::downgrade(&fresh));
            fresh
        });
        Gate { running, most }
    }
}

impl Gate {
    /// Takes a place for one request, if one is left.
    pub fn enter(&self) -> Option<Pass> {
        let most = self.most.get();
        let took =
            self.running.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |count| (count < most).then(|| count + 1));
        took.ok().map(|_| Pass(Arc::clone(&self.running)))
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_has_so_many_places_and_no_other_route_takes_them() {
        let gates = Gates::default();
        let two = NonZeroU32::MIN.saturating_add(1);
        let gate = gates.gate(Scope(1), two);
        let (first, second) = (gate.enter(), gate.enter());
        assert!(first.is_some() && second.is_some() && gate.enter().is_none());
        assert!(gates.gate(Scope(2), two).enter().is_some());
        // A reload must not let in as many again.
        let reloaded = gates.gate(Scope(1), two);
        drop(gate);
        assert!(reloaded.enter().is_none());
        drop(second);
        let third = reloaded.enter();
        assert!(third.is_some() && reloaded.enter().is_none());
    }
}
