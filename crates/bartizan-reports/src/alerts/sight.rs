//! What a kind of alert sees of one site.

use std::collections::BTreeMap;

use super::Settings;
use super::happening::{Happened, Happening};
use crate::sketch::Sketch;
use crate::store::{Group, HOUR, Point};

/// One site, at one moment.
#[derive(Debug)]
pub(super) struct Sight<'a> {
    /// Its name.
    pub(super) site: &'a str,
    /// The moment, in milliseconds since 1970.
    pub(super) now: i64,
    /// When it began to be watched.
    pub(super) began: i64,
    /// Its groups, without noise.
    pub(super) groups: &'a [Group],
    /// Its reports in the last days, hour by hour, without noise.
    pub(super) hours: &'a [Point],
    /// What was told of any site since the last look.
    pub(super) happened: &'a [Happening],
    /// When something is worth an alert.
    pub(super) settings: &'a Settings,
}

/// Something that may be worth telling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// What it is about: the same as long as it is the same.
    pub(super) key: String,
    /// What happened, in a line.
    pub(super) title: String,
    /// What is known of it.
    pub(super) facts: Vec<(&'static str, String)>,
}

/// What several groups say of one thing.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    pub(super) count: u64,
    pub(super) clients: Sketch,
    pub(super) first_seen: i64,
    pub(super) last_seen: i64,
}

impl Sight<'_> {
    /// Returns since when something new is worth telling: later than the first days, in which everything is new.
    pub(super) fn learnt(&self) -> i64 {
        let first = self.groups.iter().map(|group| group.first_seen).min().unwrap_or(self.now);
        let learn = i64::try_from(self.settings.learn.as_millis()).unwrap_or(i64::MAX);
        self.began.max(first.saturating_add(learn))
    }

    /// Sums groups up by a key; those without one are left out.
    pub(super) fn sums<K: Ord>(&self, key: impl Fn(&Group) -> Option<K>) -> BTreeMap<K, Sum> {
        let mut sums: BTreeMap<K, Sum> = BTreeMap::new();
        for group in self.groups {
            let Some(key) = key(group) else { continue };
            let sum = sums.entry(key).or_insert_with(|| Sum {
                count: 0,
                clients: Sketch::default(),
                first_seen: group.first_seen,
                last_seen: group.last_seen,
            });
            sum.count += group.count;
            sum.clients.merge(&group.clients);
            sum.first_seen = sum.first_seen.min(group.first_seen);
            sum.last_seen = sum.last_seen.max(group.last_seen);
        }
        sums
    }

    /// Returns how many reports came in the hour that begins then.
    pub(super) fn in_hour(&self, hour: i64) -> u64 {
        self.hours.iter().filter(|point| point.hour == hour).map(|point| point.count).sum()
    }

    /// Returns what was told of the site, of one sort.
    pub(super) fn happened(&self, what: Happened) -> Vec<Candidate> {
        let told = self.happened.iter().filter(|told| told.what == what && told.site == self.site);
        let candidate = |told: &Happening| Candidate {
            key: told.key.clone(),
            title: told.title.clone(),
            facts: told.facts.clone(),
        };
        told.map(candidate).collect()
    }

    /// Returns when this hour began.
    pub(super) fn this_hour(&self) -> i64 {
        self.now - self.now.rem_euclid(HOUR)
    }
}

impl Sum {
    /// Returns the facts that every sum has.
    pub(super) fn facts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("reports", self.count.to_string()),
            ("clients", self.clients.estimate().to_string()),
            ("first seen", super::wording::time(self.first_seen)),
            ("last seen", super::wording::time(self.last_seen)),
        ]
    }
}
