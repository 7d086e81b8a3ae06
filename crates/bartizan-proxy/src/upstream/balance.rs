//! Which address takes the next request: round robin or fewest running, around those that rest or are ill.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use super::Upstream;
use crate::config::Balance;

/// What all workers know of one address.
///
/// The values are hints for choosing and never guard other memory, so relaxed ordering is enough.
#[derive(Debug, Default)]
pub struct AddressState {
    running: AtomicU32,
    fails: AtomicU32,
    /// Milliseconds on the upstream's clock; zero when it does not rest.
    resting_until: AtomicU64,
    ill: AtomicBool,
}

impl AddressState {
    /// Returns the requests running there, where the balance counts them.
    pub fn running(&self) -> u32 {
        self.running.load(Ordering::Relaxed)
    }

    /// Returns whether the last active check found it well, or there was none.
    pub fn is_healthy(&self) -> bool {
        !self.ill.load(Ordering::Relaxed)
    }

    /// Returns whether it neither rests nor was found ill.
    pub(super) fn is_available(&self, now: Duration) -> bool {
        let resting = self.resting_until.load(Ordering::Relaxed);
        self.is_healthy() && (resting == 0 || u128::from(resting) <= now.as_millis())
    }

    /// Notes what an active check found; returns whether that is news.
    pub(super) fn set_healthy(&self, healthy: bool) -> bool {
        self.ill.swap(!healthy, Ordering::Relaxed) == healthy
    }

    /// Ends a row of failures.
    pub(super) fn succeeded(&self) {
        // Read first: a write would take the cache line from the other workers at every request.
        if self.fails.load(Ordering::Relaxed) != 0 {
            self.fails.store(0, Ordering::Relaxed);
        }
    }

    /// Counts a failure; after `max_fails` in a row (never when that is zero) the address rests.
    pub(super) fn failed(&self, now: Duration, max_fails: u32, rest: Duration) {
        let fails = self.fails.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        if max_fails != 0 && fails >= max_fails {
            self.fails.store(0, Ordering::Relaxed);
            let until = now.saturating_add(rest).as_millis();
            self.resting_until.store(u64::try_from(until).unwrap_or(u64::MAX).max(1), Ordering::Relaxed);
        }
    }
}

/// Returns the address for the next request.
pub(super) fn choose(upstream: &Upstream, cursor: &Cell<usize>, tried: &[usize]) -> usize {
    if upstream.addresses.len() == 1 {
        return 0;
    }
    let states = upstream.addresses.iter().map(|address| &address.state);
    pick(states, upstream.plan.balance, upstream.elapsed(), cursor, tried)
}

/// Counts one running request until it is dropped.
#[derive(Debug)]
pub(super) struct Running {
    upstream: Arc<Upstream>,
    index: usize,
}

impl Running {
    /// Counts a request, if the upstream's balance looks at such counts.
    pub(super) fn new(upstream: &Arc<Upstream>, index: usize) -> Option<Self> {
        if !upstream.counts_running() {
            return None;
        }
        upstream.addresses.get(index)?.state.running.fetch_add(1, Ordering::Relaxed);
        Some(Self { upstream: Arc::clone(upstream), index })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(address) = self.upstream.addresses.get(self.index) {
            address.state.running.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// Chooses among states: those already tried for this request come last, and those that rest or are ill are
/// passed over unless all are, for then a try costs nothing.
fn pick<'a>(
    states: impl ExactSizeIterator<Item = &'a AddressState> + Clone,
    balance: Balance,
    now: Duration,
    cursor: &Cell<usize>,
    tried: &[usize],
) -> usize {
    let count = states.len().max(1);
    let turn = cursor.get() % count;
    cursor.set((turn + 1) % count);
    let rank = |(index, state): &(usize, &AddressState)| {
        let reluctance = (tried.contains(index), !state.is_available(now));
        match balance {
            // Ties go to the earlier address: `min_by_key` returns the first of equal elements.
            Balance::LeastRequests => (reluctance, usize::try_from(state.running()).unwrap_or(usize::MAX)),
            Balance::RoundRobin => (reluctance, (index + count - turn) % count),
        }
    };
    states.enumerate().min_by_key(rank).map_or(0, |(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: Duration = Duration::from_secs(10);

    /// Builds states from a drawing: a digit is a well address with so many running, `r` rests, `i` is ill.
    fn states(drawing: &str) -> Vec<AddressState> {
        let state = |letter: char| {
            let state = AddressState::default();
            match letter {
                'r' => state.failed(Duration::ZERO, 1, REST),
                'i' => drop(state.set_healthy(false)),
                digit => state.running.store(digit.to_digit(10).unwrap_or_default(), Ordering::Relaxed),
            }
            state
        };
        drawing.chars().map(state).collect()
    }

    fn check(drawing: &str, balance: Balance, tried: &[usize], expected: &[usize]) {
        let states = states(drawing);
        let cursor = Cell::new(0);
        let now = Duration::from_secs(1);
        let chosen: Vec<usize> = expected.iter().map(|_| pick(states.iter(), balance, now, &cursor, tried)).collect();
        assert_eq!(chosen, expected, "{drawing} {balance:?} {tried:?}");
    }

    #[test]
    fn round_robin_passes_over_what_rests() {
        for (drawing, tried, expected) in [
            ("000", &[][..], &[0, 1, 2, 0, 1][..]),
            ("0r0", &[], &[0, 2, 2, 0]),
            ("0i0", &[], &[0, 2, 2, 0]),
            ("rrr", &[], &[0, 1, 2, 0]), // all rest: a try costs nothing
            ("rir", &[], &[0, 1, 2, 0]),
            ("000", &[0], &[1, 1, 2]), // tried before: last
            ("0rr", &[0], &[1, 1, 2]), // even behind those that rest
        ] {
            check(drawing, Balance::RoundRobin, tried, expected);
        }
    }

    #[test]
    fn least_requests_takes_the_emptiest() {
        for (drawing, tried, expected) in [
            ("312", &[][..], &[1, 1][..]),
            ("111", &[], &[0, 0]), // a tie goes to the earlier
            ("3r2", &[], &[2]),
            ("rrr", &[], &[0]),
            ("312", &[1], &[2]),
        ] {
            check(drawing, Balance::LeastRequests, tried, expected);
        }
    }

    #[test]
    fn only_failures_in_a_row_make_an_address_rest() {
        let at = Duration::from_millis;
        // `f` fails, `s` succeeds; with three in a row it rests for ten seconds from the last.
        for (story, max_fails, available) in
            [("ff", 3, true), ("fff", 3, false), ("ffsff", 3, true), ("f", 1, false), ("ffffff", 0, true)]
        {
            let state = AddressState::default();
            for letter in story.chars() {
                if letter == 'f' { state.failed(at(0), max_fails, REST) } else { state.succeeded() }
            }
            assert_eq!(state.is_available(at(9_999)), available, "{story}");
            assert!(state.is_available(at(10_000)), "{story}");
        }
    }

    #[test]
    fn a_check_is_news_only_when_it_changes_something() {
        let state = AddressState::default();
        let news: Vec<bool> = [true, false, false, true].into_iter().map(|well| state.set_healthy(well)).collect();
        assert_eq!(news, [false, true, false, true]);
    }
}
