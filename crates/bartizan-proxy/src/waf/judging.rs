//! Where a transaction is judged: on its worker in slices, or on a thread of its own where one step may take long.
//!
//! What is small is judged where it came, in slices with the others' turn between them. A long body is decoded, parsed and
//! searched in steps that no slice can cut: one value may be megabytes. Those are done on other threads, of which there are
//! as many as cores, so that whoever shares the worker waits for none of them.

use std::sync::Arc;

use bartizan_waf::{Phase, Progress, Transaction};
use tokio::sync::Semaphore;

/// Threads for what is large.
#[derive(Debug, Clone)]
pub struct Judges(Arc<Semaphore>);

impl Default for Judges {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self(Arc::new(Semaphore::new(cores)))
    }
}

/// Judges a phase in slices on this worker.
pub(super) async fn in_slices(transaction: &mut Transaction, phase: Phase) {
    transaction.begin_phase(phase);
    while transaction.run(SLICE) == Progress::More {
        tokio::task::yield_now().await;
    }
}

impl Judges {
    /// Judges a phase on another thread.
    pub(super) async fn elsewhere(&self, mut transaction: Box<Transaction>, phase: Phase) -> Box<Transaction> {
        // Never closed; without a permit there is only one thread more.
        let permit = Arc::clone(&self.0).acquire_owned().await.ok();
        let judging = tokio::task::spawn_blocking(move || {
            transaction.begin_phase(phase);
            while transaction.run(u64::MAX) == Progress::More {}
            drop(permit);
            transaction
        });
        match judging.await {
            Ok(transaction) => transaction,
            // As if it had happened here: one request ends, the process goes on.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

/// Whether a step over so many bytes may take longer than a slice.
pub(super) const fn is_large(bytes: usize) -> bool {
    bytes > SMALL
}

/// Nanoseconds of work between two turns of others on the core.
const SLICE: u64 = 500_000;
/// The dearest step costs some ten nanoseconds a byte, on an ordinary machine: a third of a millisecond.
const SMALL: usize = 32 << 10;
