//! One direction of one exchange, watched: who is waited for, and how much has flowed.
//!
//! A body notes when it waits for the client; a sweeper that each worker runs twice a second compares
//! what flowed with the minimum rate. So a slow client costs no timer of its own, and a client that
//! waits for a slow app is never blamed.

use std::cell::{Cell, RefCell};
use std::task::{Context, Waker};
use std::time::{Duration, Instant};

use crate::config::ByteRate;

/// One direction of bytes between a client and the wall.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    waiting: Cell<bool>,
    bytes: Cell<u64>,
    window: Cell<Option<Window>>,
    expired: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

/// A stretch of time in which only the client was waited for.
#[derive(Debug, Clone, Copy)]
struct Window {
    since: Instant,
    bytes: u64,
}

impl Flow {
    /// Notes that the client is waited for, and whom to wake when its time is over.
    pub(crate) fn wait(&self, cx: &Context<'_>) {
        self.waiting.set(true);
        let mut waker = self.waker.borrow_mut();
        if !waker.as_ref().is_some_and(|known| known.will_wake(cx.waker())) {
            *waker = Some(cx.waker().clone());
        }
    }

    /// Notes that the client is waited for by something that cannot be woken.
    pub(crate) fn wait_unwoken(&self) {
        self.waiting.set(true);
    }

    /// Notes that bytes flowed, or that somebody else is waited for.
    pub(crate) fn flowed(&self, bytes: usize) {
        self.waiting.set(false);
        self.expired.set(false);
        self.bytes.set(self.bytes.get().saturating_add(bytes as u64));
    }

    /// Returns the bytes that flowed so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes.get()
    }

    /// Whether the client's time is over.
    pub(crate) fn is_expired(&self) -> bool {
        self.expired.get()
    }

    /// Returns whether the flow has just expired: over `timeout`, less than the minimum rate has come
    /// from a client that was waited for.
    pub(crate) fn sweep(&self, now: Instant, timeout: Option<Duration>, rate: ByteRate) -> bool {
        let Some(timeout) = timeout else { return false };
        if self.expired.get() {
            return false;
        }
        if !self.waiting.get() {
            // A fast client whose bytes we have not asked for starts afresh.
            self.window.set(None);
            return false;
        }
        let bytes = self.bytes.get();
        let Some(window) = self.window.get() else {
            self.window.set(Some(Window { since: now, bytes }));
            return false;
        };
        if now.duration_since(window.since) < timeout {
            return false;
        }
        let needed = u64::from(rate.0).saturating_mul(timeout.as_secs().max(1));
        if bytes.saturating_sub(window.bytes) >= needed {
            self.window.set(Some(Window { since: now, bytes }));
            return false;
        }
        self.expired.set(true);
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUT: Option<Duration> = Some(Duration::from_secs(30));
    const RATE: ByteRate = ByteRate(100);

    /// Sweeps twice a second for a minute; before each sweep the client sends what `sends` says.
    fn expires(mut before_sweep: impl FnMut(u64, &Flow)) -> bool {
        let flow = Flow::default();
        let start = Instant::now();
        (0..120).any(|tick| {
            before_sweep(tick, &flow);
            flow.sweep(start + Duration::from_millis(tick * 500), TIMEOUT, RATE)
        })
    }

    #[test]
    fn only_a_client_that_is_waited_for_and_sends_too_little_expires() {
        assert!(expires(|_, flow| flow.wait_unwoken()), "silent");
        assert!(
            expires(|_, flow| {
                flow.flowed(1);
                flow.wait_unwoken();
            }),
            "a byte at a time"
        );
        assert!(
            !expires(|_, flow| {
                flow.flowed(100);
                flow.wait_unwoken();
            }),
            "above the rate"
        );
        assert!(!expires(|_, flow| flow.flowed(0)), "not waited for");
        assert!(
            !expires(|tick, flow| if tick % 50 == 0 { flow.flowed(0) } else { flow.wait_unwoken() }),
            "waited for, but never long"
        );
    }

    #[test]
    fn no_timeout_never_expires() {
        let flow = Flow::default();
        flow.wait_unwoken();
        let start = Instant::now();
        assert!((0..1000).all(|tick| !flow.sweep(start + Duration::from_secs(tick), None, RATE)));
    }
}
