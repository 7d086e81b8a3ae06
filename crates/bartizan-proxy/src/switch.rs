//! A flag that wakes the one task that waits for it; for a single thread.

use std::cell::{Cell, RefCell};
use std::task::{Context, Poll, Waker};

/// Off until it is turned on, once and for good.
#[derive(Debug, Default)]
pub(crate) struct Switch {
    on: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Switch {
    /// Turns it on and wakes the waiting task.
    pub(crate) fn turn_on(&self) {
        self.on.set(true);
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    /// Ready once it is on.
    pub(crate) fn poll(&self, cx: &Context<'_>) -> Poll<()> {
        if self.on.get() {
            return Poll::Ready(());
        }
        let mut waker = self.waker.borrow_mut();
        if !waker.as_ref().is_some_and(|known| known.will_wake(cx.waker())) {
            *waker = Some(cx.waker().clone());
        }
        Poll::Pending
    }
}
