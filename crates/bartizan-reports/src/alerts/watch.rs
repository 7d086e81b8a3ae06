//! The thread that looks at the store, notes what is new, and tells it until it is heard.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

use super::happening::Inbox;
use super::ledger::Ledger;
use super::sight::Sight;
use super::{AlertCounters, Channel, KINDS, Settings, deliver};
use crate::collector::now;
use crate::store::{Filter, Group, HOUR, NoiseFilter, Place, Store, StoreError};

/// Watches a store; dropping it ends that.
#[derive(Debug)]
pub struct Watch {
    counters: Arc<AlertCounters>,
    end: Arc<(Mutex<bool>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Watch {
    /// Begins to watch a store, by a connection of its own: one that is asked much must not keep batches waiting.
    ///
    /// # Errors
    ///
    /// A [`StoreError`] where the system has no thread for it.
    pub fn start(settings: Settings, place: Place, inbox: Arc<Inbox>) -> Result<Self, StoreError> {
        let counters = Arc::new(AlertCounters::default());
        let end = Arc::new((Mutex::new(false), Condvar::new()));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let watching = Watching {
            names: settings.channels.iter().map(ToString::to_string).collect(),
            settings,
            place,
            inbox,
            store: None,
            ledger: None,
            noted: Vec::new(),
            tries: HashMap::new(),
            counters: Arc::clone(&counters),
            is_failing: false,
            runtime: runtime.map_err(|error| StoreError::Other(error.into()))?,
        };
        let ended = Arc::clone(&end);
        let thread = std::thread::Builder::new().name("alerts".to_owned()).spawn(move || watching.run(&ended));
        let thread = Some(thread.map_err(|error| StoreError::Other(error.into()))?);
        Ok(Self { counters, end, thread })
    }

    /// Returns the counters.
    pub fn counters(&self) -> &Arc<AlertCounters> {
        &self.counters
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let (is_ended, wake) = &*self.end;
        *is_ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        wake.notify_all();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so on standard error.
            let _ = thread.join();
        }
    }
}

struct Watching {
    settings: Settings,
    names: Vec<String>,
    place: Place,
    /// What an autopilot tells.
    inbox: Arc<Inbox>,
    /// None until it could be opened, and again after it failed: the collector may have begun it anew.
    store: Option<Box<dyn Store>>,
    /// None until the store could be read.
    ledger: Option<Ledger>,
    noted: Vec<u8>,
    /// How often each channel failed, and when it is tried again.
    tries: HashMap<String, (usize, i64)>,
    counters: Arc<AlertCounters>,
    is_failing: bool,
    runtime: tokio::runtime::Runtime,
}

impl Watching {
    fn run(mut self, end: &(Mutex<bool>, Condvar)) {
        let (is_ended, wake) = end;
        loop {
            match self.open_and_round(now()) {
                Ok(()) => self.is_failing = false,
                Err(error) => {
                    // What was noted may be gone with the store.
                    self.noted.clear();
                    if !self.is_failing {
                        self.is_failing = true;
                        let error = &error as &dyn std::error::Error;
                        tracing::warn!(error, "the store of reports cannot be watched; it is tried again");
                    }
                }
            }
            let guard = is_ended.lock().unwrap_or_else(PoisonError::into_inner);
            let waited = wake.wait_timeout_while(guard, self.settings.every, |is_ended| !*is_ended);
            if *waited.unwrap_or_else(PoisonError::into_inner).0 {
                // A name that is still being looked up is not waited for.
                return self.runtime.shutdown_background();
            }
        }
    }

    fn open_and_round(&mut self, now: i64) -> Result<(), StoreError> {
        let mut store = match self.store.take() {
            Some(store) => store,
            None => self.place.read_store()?,
        };
        self.round(store.as_mut(), now)?;
        self.store = Some(store);
        Ok(())
    }

    /// Looks, notes, tells, and notes what was told.
    fn round(&mut self, store: &mut dyn Store, now: i64) -> Result<(), StoreError> {
        let mut ledger = match self.ledger.take() {
            Some(ledger) => ledger,
            None => Ledger::read(store.note(NOTE)?.as_deref()),
        };
        let looked = self.look(store, &mut ledger, now);
        ledger.tidy(now, &self.names);
        // Before anyone is told: what is found is told twice rather than never.
        let noted = looked.and_then(|()| self.note(store, &ledger));
        if noted.is_ok() && self.settings.quiet.is_none_or(|quiet| !quiet.contain(now)) {
            for channel in self.settings.channels.clone() {
                self.tell(&mut ledger, &channel, now);
            }
        }
        self.counters.waiting.store(ledger.waiting.len() as u64, Ordering::Relaxed);
        let noted = noted.and_then(|()| self.note(store, &ledger));
        self.ledger = Some(ledger);
        noted
    }

    fn look(&self, store: &mut dyn Store, ledger: &mut Ledger, now: i64) -> Result<(), StoreError> {
        let mut sites: HashMap<String, Vec<Group>> = HashMap::new();
        for group in store.groups(&Filter { noise: NoiseFilter::Exclude, ..Filter::default() })? {
            sites.entry(group.site.clone()).or_default().push(group);
        }
        let happened = self.inbox.take();
        for told in &happened {
            // A site of which nobody reports anything has an autopilot all the same.
            sites.entry(told.site.clone()).or_default();
        }
        for (site, groups) in &sites {
            let filter = Filter { site: Some(site.clone()), noise: NoiseFilter::Exclude, ..Filter::default() };
            // Of all groups: those that are silent now are part of what is usual.
            let mut hours = match store.series(&filter) {
                Ok(hours) => hours,
                Err(error) => {
                    self.inbox.put_back(happened);
                    return Err(error);
                }
            };
            hours.retain(|point| point.hour >= now - WINDOW);
            let began = ledger.began(site, now);
            let sight =
                Sight { site, now, began, groups, hours: &hours, happened: &happened, settings: &self.settings };
            for (place, kind) in KINDS.iter().enumerate() {
                let alerts = ledger.look(kind, &sight);
                self.counters.found(place, alerts.len());
                for alert in &alerts {
                    tracing::warn!(kind = kind.name, site = alert.site, "alert: {}", alert.title);
                }
                let dropped = ledger.wait(alerts, &self.names);
                self.counters.dropped.fetch_add(dropped as u64, Ordering::Relaxed);
            }
        }
        Ok(())
    }

    fn note(&mut self, store: &mut dyn Store, ledger: &Ledger) -> Result<(), StoreError> {
        let written = ledger.written();
        if written != self.noted {
            store.set_note(NOTE, &written)?;
            self.noted = written;
        }
        Ok(())
    }

    /// Tells a channel all that waits for it, in one message; a failure is tried again later.
    fn tell(&mut self, ledger: &mut Ledger, channel: &Channel, now: i64) {
        let name = channel.to_string();
        let (failures, next) = self.tries.get(&name).copied().unwrap_or_default();
        let alerts = ledger.waiting_for(&name);
        if alerts.is_empty() || now < next {
            return;
        }
        match self.runtime.block_on(deliver(channel, &alerts)) {
            Ok(()) => {
                self.counters.delivered.fetch_add(1, Ordering::Relaxed);
                tracing::info!("{name} was told of {} alerts", alerts.len());
                self.tries.remove(&name);
                ledger.done(&name);
            }
            Err(error) => {
                self.counters.failed.fetch_add(1, Ordering::Relaxed);
                let error = &error as &dyn std::error::Error;
                if let Some(wait) = self.settings.retries.get(failures) {
                    tracing::warn!(error, "{name} could not be told of {} alerts; it is tried again", alerts.len());
                    let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
                    self.tries.insert(name, (failures + 1, now.saturating_add(wait)));
                } else {
                    tracing::error!(error, "{name} could not be told of {} alerts, which are given up", alerts.len());
                    self.counters.dropped.fetch_add(alerts.len() as u64, Ordering::Relaxed);
                    self.tries.remove(&name);
                    ledger.done(&name);
                }
            }
        }
    }
}

/// The name under which the store keeps the ledger.
const NOTE: &str = "alerts";

/// In milliseconds: a week has every kind of day in it.
const WINDOW: i64 = 8 * 24 * HOUR;
