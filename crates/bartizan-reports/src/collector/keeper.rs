//! The thread that takes counts to the store, tries again what the store did not take, and forgets what is old.

use std::time::Instant;

use super::{Arc, Batch, Collector, Duration, JoinHandle, Ordering, PoisonError, Stage, Store, StoreError, lock, now};

/// Keeps a collector going; dropping it takes what is left to the store and ends it.
#[derive(Debug)]
pub struct Keeper {
    collector: Arc<Collector>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    pub(super) fn start(collector: Arc<Collector>, store: Box<dyn Store>, is_known: bool) -> Result<Self, StoreError> {
        let said = (!is_known).then_some("away");
        let collector_of = Arc::clone(&collector);
        let keeping = Keeping { collector: collector_of, store, refused: None, said, is_known, tidied: i64::MIN };
        let thread = std::thread::Builder::new().name("reports".to_owned()).spawn(move || keeping.run());
        Ok(Self { collector, thread: Some(thread.map_err(|error| StoreError::Other(error.into()))?) })
    }

    /// Takes what is left to the store and ends.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.collector.set_stage(Stage::Ending);
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so on standard error.
            let _ = thread.join();
        }
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.end();
    }
}

struct Keeping {
    collector: Arc<Collector>,
    store: Box<dyn Store>,
    /// What the store did not take: it goes first, or counts would be lost.
    refused: Option<Batch>,
    /// The failure that the operator was told of.
    said: Option<&'static str>,
    /// Whether the collector knows what the store had at the start.
    is_known: bool,
    tidied: i64,
}

impl Keeping {
    fn run(mut self) {
        loop {
            if self.wait() == Stage::Ending {
                return self.end();
            }
            self.flush();
            if self.refused.is_none() && now().saturating_sub(self.tidied) >= TIDY_EVERY {
                self.tidied = now();
                self.tidy();
            }
        }
    }

    /// Takes what is left to the store, which may be busy or away for a moment.
    fn end(&mut self) {
        let begun = Instant::now();
        loop {
            self.flush();
            if self.refused.is_none() {
                // What was refused before went first; now what came since.
                self.flush();
            }
            let Some(lost) = self.refused.as_ref().map(Batch::reports) else { return };
            if begun.elapsed() >= LAST_TRIES {
                tracing::error!(lost, "the store did not take the last reports");
                return;
            }
            std::thread::sleep(RETRY / 5);
        }
    }

    /// Waits for the end of the interval, or for much to do; a failing store is not asked in a hurry.
    fn wait(&self) -> Stage {
        let stage = lock(&self.collector.stage);
        let pause = if self.refused.is_some() {
            self.collector.settings.flush.max(RETRY)
        } else {
            self.collector.settings.flush
        };
        let may_sleep = |stage: &mut Stage| match stage {
            Stage::Collecting => true,
            Stage::Urgent => self.refused.is_some(),
            Stage::Ending => false,
        };
        let (mut stage, _) =
            self.collector.wake.wait_timeout_while(stage, pause, may_sleep).unwrap_or_else(PoisonError::into_inner);
        let found = *stage;
        if found == Stage::Urgent {
            *stage = Stage::Collecting;
        }
        found
    }

    fn flush(&mut self) {
        let batch = match self.refused.take() {
            Some(batch) => batch,
            None => self.collector.take(now()),
        };
        if batch.is_empty() && self.is_known {
            return;
        }
        if !self.is_known {
            match super::begin(self.store.as_mut()) {
                Ok((known, key)) => {
                    self.collector.begin(known, key);
                    self.is_known = true;
                }
                Err(error) => return self.failed(batch, &error),
            }
        }
        match self.store.apply(&batch) {
            Ok(()) => {
                self.collector.counters.stored.fetch_add(batch.reports(), Ordering::Relaxed);
                if self.said.take().is_some() {
                    tracing::info!("the store of reports works again");
                }
            }
            Err(error) => self.failed(batch, &error),
        }
    }

    fn failed(&mut self, batch: Batch, error: &StoreError) {
        self.refused = Some(batch);
        self.collector.counters.failed(error.reason());
        if self.said != Some(error.reason()) {
            self.said = Some(error.reason());
            let error: &dyn std::error::Error = error;
            tracing::error!(error, "reports cannot be stored; counting goes on and the store is tried again");
        }
        if matches!(error, StoreError::Corrupt(_)) {
            match self.store.recover() {
                Ok(aside) => tracing::error!(aside, "the store of reports was damaged and is begun anew"),
                Err(error) => {
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        "the store of reports cannot be begun anew"
                    );
                }
            }
        }
    }

    /// Forgets what is old; memory follows the store.
    fn tidy(&mut self) {
        let keep = i64::try_from(self.collector.settings.keep.as_millis()).unwrap_or(i64::MAX);
        let done = self.store.retain_since(now().saturating_sub(keep)).and_then(|retired| {
            self.collector.counters.retired.fetch_add(retired, Ordering::Relaxed);
            let known = self.store.known()?;
            lock(&self.collector.table).keep_only(&known);
            self.store.vacuum()
        });
        if let Err(error) = done {
            self.collector.counters.failed(error.reason());
            tracing::warn!(error = &error as &dyn std::error::Error, "old reports are not forgotten yet");
        }
    }
}

const RETRY: Duration = Duration::from_secs(1);

/// Whoever stops a program waits for it, and a service manager not much longer.
const LAST_TRIES: Duration = Duration::from_secs(3);

/// In milliseconds: retention is counted in days.
const TIDY_EVERY: i64 = 10 * 60 * 1000;
