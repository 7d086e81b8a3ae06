//! One group in memory: what came in since the last batch.

use std::sync::Arc;

use crate::sketch::{Client, Sketch};
use crate::store::{GroupDelta, PAGES};
use crate::subject::{Fingerprint, Subject};

/// A group, and what the store does not know of it yet.
#[derive(Debug)]
pub(super) struct Entry {
    /// None until the first report since the start, where only the store knows the group.
    pub(super) subject: Option<Arc<Subject<'static>>>,
    pub(super) policy: Arc<str>,
    count: u64,
    first_seen: i64,
    last_seen: i64,
    clients: Sketch,
    pages: Vec<Page>,
    samples: u8,
    sampled: i64,
}

#[derive(Debug)]
struct Page {
    hash: u64,
    address: Arc<str>,
    count: u64,
}

impl Entry {
    pub(super) fn new(subject: Option<Arc<Subject<'static>>>, policy: Arc<str>) -> Self {
        Self {
            subject,
            policy,
            count: 0,
            first_seen: 0,
            last_seen: 0,
            clients: Sketch::default(),
            pages: Vec::new(),
            samples: 0,
            sampled: i64::MIN,
        }
    }

    /// Counts a report of a page and its hash; whether it is the first since the last batch.
    pub(super) fn count(&mut self, client: Client, page: &str, hash: u64, now: i64) -> bool {
        if let Some(page) = self.pages.iter_mut().find(|page| page.hash == hash) {
            page.count += 1;
        } else if self.pages.len() < PAGES && !page.is_empty() {
            if self.pages.is_empty() {
                // Most groups of a flood have one.
                self.pages.reserve_exact(1);
            }
            self.pages.push(Page { hash, address: page.into(), count: 1 });
        }
        self.add(client, now)
    }

    /// Counts a report of a page by its hash alone; none, and nothing is counted, where the name of the page is wanted.
    pub(super) fn count_again(&mut self, client: Client, hash: u64, now: i64) -> Option<bool> {
        let has_room = self.pages.len() < PAGES;
        match self.pages.iter_mut().find(|page| page.hash == hash) {
            Some(page) => page.count += 1,
            None if has_room => return None,
            None => {}
        }
        Some(self.add(client, now))
    }

    fn add(&mut self, client: Client, now: i64) -> bool {
        let is_first = self.count == 0;
        if is_first {
            self.first_seen = now;
        }
        self.count += 1;
        self.last_seen = now;
        self.clients.add(client);
        is_first
    }

    /// Whether a sample is wanted: the first few, and then now and again a fresh one.
    pub(super) fn wants_sample(&self, now: i64, every: i64) -> bool {
        self.samples < FIRST_SAMPLES || now.saturating_sub(self.sampled) >= every
    }

    pub(super) fn sampled(&mut self, now: i64) {
        self.samples = self.samples.saturating_add(1);
        self.sampled = now;
    }

    /// Takes out what the store does not know.
    pub(super) fn take(&mut self, id: Fingerprint, site: &Arc<str>) -> Option<GroupDelta> {
        let subject = self.subject.clone().filter(|_| self.count > 0)?;
        let pages = self.pages.iter_mut().filter(|page| page.count > 0);
        let pages = pages.map(|page| (Arc::clone(&page.address), std::mem::take(&mut page.count))).collect();
        Some(GroupDelta {
            id,
            site: Arc::clone(site),
            policy: Arc::clone(&self.policy),
            subject,
            count: std::mem::take(&mut self.count),
            first_seen: self.first_seen,
            last_seen: self.last_seen,
            clients: self.clients,
            pages,
        })
    }
}

const FIRST_SAMPLES: u8 = 3;
