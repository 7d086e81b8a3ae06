//! A store in memory: for trying out, and for tests of what stands above a store.
//!
//! It keeps nothing beyond the process, so that nothing it was given counts as stored for good.

use std::collections::{BTreeMap, HashMap};

use super::record::{Batch, Group, PageCount, Point, Sample, SiteSummary, StoredSample, Totals};
use super::{Fact, Filter, HOUR, PAGES, SAMPLES, Store, StoreError, Tally, tally};
use crate::sketch::Sketch;
use crate::subject::Fingerprint;

/// Reports in memory.
#[derive(Debug, Default)]
pub struct Memory {
    groups: BTreeMap<Fingerprint, Kept>,
    sites: BTreeMap<String, Sketch>,
    key: [u8; 16],
    numbers: i64,
    notes: HashMap<String, Vec<u8>>,
}

#[derive(Debug)]
struct Kept {
    group: Group,
    pages: HashMap<String, u64>,
    samples: Vec<(i64, Sample)>,
    hours: BTreeMap<i64, u64>,
}

impl Memory {
    /// Makes an empty store.
    pub fn new() -> Self {
        let mut key = [0; 16];
        // Without a random key clients are told apart all the same.
        let _ = getrandom::fill(&mut key);
        Self { key, ..Self::default() }
    }

    fn fitting<'a>(&'a self, filter: &'a Filter) -> impl Iterator<Item = &'a Kept> {
        self.groups.values().filter(|kept| filter.takes(&kept.group))
    }
}

impl Store for Memory {
    fn apply(&mut self, batch: &Batch) -> Result<(), StoreError> {
        for delta in &batch.groups {
            let kept = self.groups.entry(delta.id).or_insert_with(|| Kept {
                group: Group {
                    id: delta.id,
                    site: delta.site.to_string(),
                    policy: delta.policy.to_string(),
                    subject: delta.subject.as_ref().clone(),
                    count: 0,
                    first_seen: delta.first_seen,
                    last_seen: delta.last_seen,
                    clients: Sketch::default(),
                },
                pages: HashMap::new(),
                samples: Vec::new(),
                hours: BTreeMap::new(),
            });
            kept.group.count += delta.count;
            kept.group.first_seen = kept.group.first_seen.min(delta.first_seen);
            kept.group.last_seen = kept.group.last_seen.max(delta.last_seen);
            kept.group.clients.merge(&delta.clients);
            *kept.hours.entry(batch.at - batch.at.rem_euclid(HOUR)).or_default() += delta.count;
            for (page, count) in &delta.pages {
                if kept.pages.len() < PAGES || kept.pages.contains_key(page.as_ref()) {
                    *kept.pages.entry(page.to_string()).or_default() += count;
                }
            }
        }
        for sample in &batch.samples {
            if let Some(kept) = self.groups.get_mut(&sample.group) {
                self.numbers += 1;
                kept.samples.push((self.numbers, sample.clone()));
                let surplus = kept.samples.len().saturating_sub(SAMPLES);
                kept.samples.drain(..surplus);
            }
        }
        for site in &batch.sites {
            self.sites.entry(site.site.to_string()).or_default().merge(&site.clients);
        }
        Ok(())
    }

    fn client_key(&mut self) -> Result<[u8; 16], StoreError> {
        Ok(self.key)
    }

    fn known(&mut self) -> Result<Vec<(Fingerprint, String)>, StoreError> {
        Ok(self.groups.values().map(|kept| (kept.group.id, kept.group.site.clone())).collect())
    }

    fn groups(&mut self, filter: &Filter) -> Result<Vec<Group>, StoreError> {
        let mut groups: Vec<_> = self.fitting(filter).map(|kept| kept.group.clone()).collect();
        filter.arrange(&mut groups);
        Ok(groups)
    }

    fn group(&mut self, id: Fingerprint) -> Result<Option<Group>, StoreError> {
        Ok(self.groups.get(&id).map(|kept| kept.group.clone()))
    }

    fn pages(&mut self, id: Fingerprint) -> Result<Vec<PageCount>, StoreError> {
        let pages = self.groups.get(&id).into_iter().flat_map(|kept| &kept.pages);
        let mut pages: Vec<_> = pages.map(|(page, count)| PageCount { page: page.clone(), count: *count }).collect();
        pages.sort_by(|one, other| other.count.cmp(&one.count).then_with(|| one.page.cmp(&other.page)));
        Ok(pages)
    }

    fn samples(&mut self, id: Fingerprint) -> Result<Vec<StoredSample>, StoreError> {
        let samples = self.groups.get(&id).into_iter().flat_map(|kept| kept.samples.iter().rev());
        Ok(samples.map(|(number, sample)| StoredSample { number: *number, sample: sample.clone() }).collect())
    }

    fn series(&mut self, filter: &Filter) -> Result<Vec<Point>, StoreError> {
        let mut hours: BTreeMap<i64, u64> = BTreeMap::new();
        for (hour, count) in self.fitting(filter).flat_map(|kept| &kept.hours) {
            if filter.since.is_none_or(|since| *hour + HOUR > since) && filter.until.is_none_or(|until| *hour < until) {
                *hours.entry(*hour).or_default() += count;
            }
        }
        Ok(hours.into_iter().map(|(hour, count)| Point { hour, count }).collect())
    }

    fn sites(&mut self) -> Result<Vec<SiteSummary>, StoreError> {
        let mut sites: BTreeMap<String, SiteSummary> = BTreeMap::new();
        for Kept { group, .. } in self.groups.values() {
            let site = sites.entry(group.site.clone()).or_insert_with(|| SiteSummary {
                site: group.site.clone(),
                reports: 0,
                noise: 0,
                groups: 0,
                last_seen: group.last_seen,
                clients: self.sites.get(&group.site).copied().unwrap_or_default(),
            });
            site.reports += group.count;
            site.noise += if group.subject.noise.is_some() { group.count } else { 0 };
            site.groups += 1;
            site.last_seen = site.last_seen.max(group.last_seen);
        }
        Ok(sites.into_values().collect())
    }

    fn totals(&mut self, filter: &Filter) -> Result<Totals, StoreError> {
        let fitting = self.fitting(filter);
        Ok(fitting.fold(Totals::default(), |sum, kept| Totals {
            reports: sum.reports + kept.group.count,
            groups: sum.groups + 1,
        }))
    }

    fn tally(&mut self, filter: &Filter, fact: Fact, most: usize) -> Result<Vec<Tally>, StoreError> {
        let is_meant = |hour: i64| {
            filter.since.is_none_or(|since| hour + HOUR > since) && filter.until.is_none_or(|until| hour < until)
        };
        let counted = self.fitting(filter).map(|kept| {
            let hours = kept.hours.iter().filter(|(hour, _)| is_meant(**hour));
            (&kept.group, hours.map(|(_, count)| count).sum())
        });
        Ok(tally::add_up(counted.filter(|(_, count)| *count > 0), fact, most))
    }

    fn purge(&mut self, filter: &Filter) -> Result<u64, StoreError> {
        let before = self.groups.len();
        self.groups.retain(|_, kept| !filter.takes(&kept.group));
        Ok((before - self.groups.len()) as u64)
    }

    fn retain_since(&mut self, millis: i64) -> Result<u64, StoreError> {
        let before = self.groups.len();
        self.groups.retain(|_, kept| kept.group.last_seen >= millis);
        for kept in self.groups.values_mut() {
            kept.hours.retain(|hour, _| *hour + HOUR > millis);
        }
        Ok((before - self.groups.len()) as u64)
    }

    fn vacuum(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    fn note(&mut self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.notes.get(name).cloned())
    }

    fn set_note(&mut self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        self.notes.insert(name.to_owned(), value.to_owned());
        Ok(())
    }

    fn recover(&mut self) -> Result<Option<String>, StoreError> {
        Ok(None)
    }
}
