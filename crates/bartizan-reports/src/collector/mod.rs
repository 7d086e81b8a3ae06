//! From a body to counts in memory, and from there to the store.
//!
//! Receiving never waits for the store: a thread of its own takes batches there, and while the store is
//! full, locked or away, counting goes on until the bound of what may wait. Reports that are counted as stored are in the store for good; what a
//! crash loses is what waits: that of one interval, and while the store fails no more than twice the bound.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sha2::{Digest, Sha256};

use crate::counting::{self, Arrival, Counted, Table};
use crate::metrics::{self, BodyResult, Counters, Shed, Tally};
use crate::receive::{self, Labels, Refusal};
use crate::recent::{Look, Recent, Track};
use crate::rules::{SiteRules, Sites};
use crate::sketch::Client;
use crate::store::{Batch, Store, StoreError};
use crate::subject::Fingerprint;

mod intake;
mod keeper;
mod quota;

use intake::{Intake, Item};
pub use keeper::Keeper;
use quota::Quotas;

/// How a collector works.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How much may be kept in memory.
    pub counting: counting::Bounds,
    /// What one body may hold.
    pub body: receive::Bounds,
    /// How long counts wait for the store: what a crash can lose.
    pub flush: Duration,
    /// How long a group is kept after it was last seen.
    pub keep: Duration,
    /// Whom is collected for.
    pub sites: Sites,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            counting: counting::Bounds::default(),
            body: receive::Bounds::default(),
            // A commit a second costs nothing beside the reports it holds.
            flush: Duration::from_secs(1),
            // A quarter: a policy is seldom tightened over a longer time.
            keep: Duration::from_secs(90 * 24 * 3600),
            sites: Sites::default(),
        }
    }
}

/// Takes reports; may be shared by any number of threads.
#[derive(Debug)]
pub struct Collector {
    settings: Settings,
    sites: RwLock<Arc<Sites>>,
    /// What is known byte by byte.
    recent: RwLock<Recent>,
    table: Mutex<Table>,
    counters: Counters,
    quotas: Mutex<Quotas>,
    /// Under it clients are hashed; it never leaves the store.
    key: RwLock<[u8; 16]>,
    random: AtomicU64,
    stage: Mutex<Stage>,
    wake: Condvar,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Collecting,
    /// There is much to take to the store: do not wait for the end of the interval.
    Urgent,
    Ending,
}

/// Who sent a body, and to which endpoint.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'a> {
    /// The site.
    pub site: &'a str,
    /// The version of its policy.
    pub policy: &'a str,
    /// The client.
    pub address: IpAddr,
    /// What it calls itself.
    pub user_agent: &'a str,
}

impl Collector {
    /// Starts to collect into a store; the keeper ends it. A store that is away for now is no reason not to start.
    ///
    /// # Errors
    ///
    /// A [`StoreError`] where the store cannot be read.
    pub fn start(settings: Settings, mut store: Box<dyn Store>) -> Result<(Arc<Self>, Keeper), StoreError> {
        let (known, key, is_known) = match begin(store.as_mut()) {
            Ok((known, key)) => (known, key, true),
            Err(error @ StoreError::Away(_)) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(error, "the store of reports is away; counting begins, and the store is tried again");
                let mut key = [0; 16];
                getrandom::fill(&mut key).map_err(|error| StoreError::Other(error.into()))?;
                (Vec::new(), key, false)
            }
            Err(error) => return Err(error),
        };
        let seed = RandomState::new().hash_one(key);
        let sites = Arc::new(settings.sites.clone());
        let collector = Arc::new(Self {
            recent: RwLock::new(Recent::new(Arc::clone(&sites))),
            table: Mutex::new(Table::new(settings.counting.clone(), known)),
            counters: Counters::new(),
            quotas: Mutex::new(Quotas::default()),
            key: RwLock::new(key),
            random: AtomicU64::new(seed),
            stage: Mutex::new(Stage::Collecting),
            wake: Condvar::new(),
            sites: RwLock::new(sites),
            settings,
        });
        let keeper = Keeper::start(Arc::clone(&collector), store, is_known)?;
        Ok((collector, keeper))
    }

    /// Returns the settings it began with; whom it collects for may have changed since.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Changes whom is collected for.
    pub fn set_sites(&self, sites: Sites) {
        let sites = Arc::new(sites);
        *self.sites.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&sites);
        // Other rules may put the same report into another group.
        *self.recent.write().unwrap_or_else(PoisonError::into_inner) = Recent::new(sites);
    }

    /// Whether a name is that of a site with rules of its own.
    pub fn has_site(&self, name: &str) -> bool {
        self.sites().named.iter().any(|site| site.name == name)
    }

    /// Takes a body and counts what is in it.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] of nonsense alone: what is shed for a quota, by sampling or by bounds is fine to its sender, since
    /// browsers send again what is refused.
    pub fn receive(&self, sender: &Sender<'_>, labels: Labels<'_>, body: &[u8], now: i64) -> Result<(), Refusal> {
        let sites = self.sites();
        let Some(rules) = sites.of(sender.site) else {
            self.counters.body(BodyResult::UnknownSite);
            return Ok(());
        };
        if rules.sample < 1.0 && self.share() >= rules.sample {
            self.counters.body(BodyResult::Sampled);
            return Ok(());
        }
        let mut left = u64::MAX;
        if let Some(quota) = rules.quota {
            left = lock(&self.quotas).left(sender.site, quota, now);
            if left == 0 {
                self.counters.body(BodyResult::Quota);
                return Ok(());
            }
        }
        let read = receive::unpack(body, labels, &self.settings.body);
        let (bytes, form) = read.inspect_err(|refusal| self.counters.body(result(*refusal)))?;
        let recent = self.recent.read().unwrap_or_else(PoisonError::into_inner);
        let known = intake::known(&recent, &sites, sender.site, sender.policy);
        let read = intake::intake(&bytes, form, &self.settings.body, rules, known);
        drop(recent);
        let intake = read.inspect_err(|refusal| self.counters.body(result(*refusal)))?;
        self.counters.body(BodyResult::Taken);
        let (spent, again) = self.count(sender, rules, intake, left, now);
        if rules.quota.is_some() {
            lock(&self.quotas).spend(sender.site, spent);
        }
        self.keep(&sites, sender, again);
        Ok(())
    }

    /// Counts reports, up to what is left of a quota; says how many, and which of them to keep.
    fn count<'a>(
        &self,
        sender: &Sender<'a>,
        rules: &SiteRules,
        intake: Intake<'a>,
        left: u64,
        now: i64,
    ) -> (u64, Vec<(Look<'a>, Track)>) {
        let arrival = Arrival { site: sender.site, policy: sender.policy, client: self.client(sender), now };
        let (mut tally, mut again) = (Tally::new(), Vec::new());
        let mut is_urgent = false;
        if !intake.items.is_empty() {
            let mut table = lock(&self.table);
            match table.at(arrival) {
                None => tally.shed(Shed::Sites, intake.items.len() as u64),
                Some(mut counting) => {
                    for item in intake.items {
                        if tally.received >= left {
                            tally.shed(Shed::Quota, 1);
                            continue;
                        }
                        let known = match &item {
                            Item::Known(track, _) => counting.count_again(track.group, track.page).zip(Some(*track)),
                            Item::Read(_) => None,
                        };
                        let (counted, kind, noise) = match (known, item) {
                            (Some((counted, track)), _) => (counted, track.kind, track.noise),
                            (None, item) => {
                                let Some(mut fresh) = item.fresh(self.settings.body.json, rules) else { continue };
                                if fresh.report.user_agent.is_none() && !sender.user_agent.is_empty() {
                                    fresh.report.user_agent = Some(sender.user_agent.into());
                                }
                                let counted = counting.count(&fresh.report, fresh.noise);
                                let (kind, noise) = (metrics::place(&fresh.report.kind), fresh.noise);
                                if let Some((look, values)) = fresh.keep
                                    && counted == Counted::InGroup
                                {
                                    let (group, page) = counting.places(&fresh.report, noise);
                                    again.push((look, Track { group, page, kind, noise, values }));
                                }
                                (counted, kind, noise)
                            }
                        };
                        match counted {
                            Counted::InGroup => tally.count(kind, noise),
                            Counted::InRest => {
                                tally.count(kind, noise);
                                tally.in_rest += 1;
                            }
                            Counted::NoRoom => tally.shed(Shed::Waiting, 1),
                        }
                    }
                }
            }
            is_urgent |= table.is_urgent();
        }
        self.counters.add(&tally);
        self.counters.unusable.fetch_add(intake.unusable as u64, Ordering::Relaxed);
        if is_urgent {
            self.set_stage(Stage::Urgent);
        }
        (tally.received, again)
    }

    /// Keeps reports that will be known from now on; where others look right now, the next time will do.
    fn keep(&self, sites: &Arc<Sites>, sender: &Sender<'_>, again: Vec<(Look<'_>, Track)>) {
        if again.is_empty() {
            return;
        }
        if let Ok(mut recent) = self.recent.try_write()
            && recent.is_under(sites)
        {
            for (look, track) in again {
                recent.keep(sender.site, sender.policy, &look, track);
            }
        }
    }

    /// Returns the counters in Prometheus' text form.
    pub fn metrics(&self) -> String {
        let (waiting, groups) = {
            let table = lock(&self.table);
            (table.waiting(), table.groups())
        };
        self.counters.render(waiting, groups)
    }

    /// Returns the counters.
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    fn sites(&self) -> Arc<Sites> {
        Arc::clone(&self.sites.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn client(&self, sender: &Sender<'_>) -> Client {
        let mut hash = Sha256::new();
        hash.update(*self.key.read().unwrap_or_else(PoisonError::into_inner));
        hash.update(sender.address.to_string());
        hash.update([0]);
        hash.update(sender.user_agent);
        let hash = hash.finalize();
        Client(hash.split_at(8).0.try_into().map_or(0, u64::from_le_bytes))
    }

    /// Returns the next of a row of numbers from 0 up to 1 (xorshift, Marsaglia 2003): sampling keeps no secret.
    fn share(&self) -> f64 {
        let next = |seed: u64| {
            let seed = seed ^ (seed << 13);
            let seed = seed ^ (seed >> 7);
            Some((seed ^ (seed << 17)).max(1))
        };
        let seed = self.random.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next).unwrap_or(1);
        (seed >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Takes over what a store knows that was away at the start.
    fn begin(&self, known: Vec<(Fingerprint, String)>, key: [u8; 16]) {
        lock(&self.table).learn(known);
        *self.key.write().unwrap_or_else(PoisonError::into_inner) = key;
    }

    fn take(&self, now: i64) -> Batch {
        lock(&self.table).take(now)
    }

    /// Ending is for good.
    fn set_stage(&self, stage: Stage) {
        let mut current = lock(&self.stage);
        if *current != Stage::Ending && *current != stage {
            *current = stage;
            self.wake.notify_all();
        }
    }
}

/// Asks a store for what a collector begins with.
fn begin(store: &mut dyn Store) -> Result<Beginning, StoreError> {
    Ok((store.known()?, store.client_key()?))
}

/// The groups that are known, and the key of clients.
type Beginning = (Vec<(Fingerprint, String)>, [u8; 16]);

fn result(refusal: Refusal) -> BodyResult {
    match refusal {
        Refusal::Encoding | Refusal::Json(_) | Refusal::Nothing => BodyResult::Syntax,
        Refusal::Size => BodyResult::Size,
        Refusal::Type => BodyResult::Type,
    }
}

/// Counting leaves nothing half done that matters, so that a panic elsewhere does not end it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the time in milliseconds since 1970.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
