//! What one connection's two ends must know of each other: how far the request's body got.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use super::error::BoxError;

/// The state of one request's body on its way to the app.
///
/// The body itself lives inside hyper; this is the part of it that stays in sight.
pub(super) struct Ledger {
    upload: Cell<Upload>,
    progress: Cell<Instant>,
    failure: Cell<Option<BoxError>>,
}

/// How far a request's body got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Upload {
    /// Its last byte was handed over.
    Finished,
    /// The app's side does not ask for more.
    Held,
    /// The client's side has no more yet.
    Starved,
}

impl Ledger {
    /// Returns the ledger of a request without a body.
    pub(super) fn finished() -> Rc<Self> {
        Rc::new(Self {
            upload: Cell::new(Upload::Finished),
            progress: Cell::new(Instant::now()),
            failure: Cell::new(None),
        })
    }

    /// Starts the page of a request with a body.
    pub(super) fn begin(&self) {
        self.upload.set(Upload::Held);
        self.progress.set(Instant::now());
        self.failure.set(None);
    }

    /// Notes that the client's side has no more yet.
    pub(super) fn starve(&self) {
        self.upload.set(Upload::Starved);
    }

    /// Notes that a piece was taken.
    pub(super) fn advance(&self) {
        self.upload.set(Upload::Held);
        self.progress.set(Instant::now());
    }

    /// Notes the last byte.
    pub(super) fn finish(&self) {
        if !self.is_finished() {
            self.upload.set(Upload::Finished);
            self.progress.set(Instant::now());
        }
    }

    /// Notes that the body failed by itself.
    pub(super) fn fail(&self, error: BoxError) {
        self.failure.set(Some(error));
    }

    /// Returns the body's own error, once.
    pub(super) fn take_failure(&self) -> Option<BoxError> {
        self.failure.take()
    }

    /// Returns whether the whole body was handed over.
    pub(super) fn is_finished(&self) -> bool {
        self.upload.get() == Upload::Finished
    }

    /// Returns until when the app may stay silent; `None` once that has passed.
    ///
    /// Counted from the last piece of the request that the app took, so that a long upload is no long silence.
    /// While the client is the slow one nothing is counted: its own limits are the exchange's to keep.
    pub(super) fn patience(&self, limit: Duration, now: Instant) -> Option<Instant> {
        let from = if self.upload.get() == Upload::Starved { now } else { self.progress.get() };
        from.checked_add(limit).filter(|until| *until > now)
    }
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ledger").field("upload", &self.upload.get()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_is_counted_from_the_last_piece_taken() {
        let limit = Duration::from_secs(60);
        let ledger = Ledger::finished();
        ledger.begin();
        let taken = ledger.progress.get();
        let late = taken + Duration::from_secs(61);
        for (step, now, patient) in [
            (None, taken + Duration::from_secs(59), true),
            (None, late, false),
            (Some(Ledger::starve as fn(&Ledger)), late, true), // the client is the slow one
            (Some(Ledger::advance as fn(&Ledger)), late, false),
        ] {
            if let Some(step) = step {
                step(&ledger);
                ledger.progress.set(taken);
            }
            assert_eq!(ledger.patience(limit, now).is_some(), patient, "{ledger:?}");
        }
    }

    #[test]
    fn a_failure_is_handed_out_once_and_not_to_the_next_request() {
        let ledger = Ledger::finished();
        ledger.fail("broken".into());
        assert!(ledger.take_failure().is_some());
        assert!(ledger.take_failure().is_none());
        ledger.fail("broken".into());
        ledger.begin();
        assert!(ledger.take_failure().is_none());
    }
}
