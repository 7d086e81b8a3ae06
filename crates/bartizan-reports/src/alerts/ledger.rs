//! What was told, and what still waits to be told: kept in the store, so that a restart neither repeats nor loses it.

use std::collections::{BTreeMap, VecDeque};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::sight::{Candidate, Sight};
use super::{Alert, Kind};
use crate::store::HOUR;

/// The memory of alerts.
#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Ledger {
    /// When each site began to be watched.
    began: BTreeMap<String, i64>,
    /// When each thing that was told was last so.
    told: BTreeMap<String, i64>,
    /// What waits, the oldest first.
    pub(super) waiting: VecDeque<Waiting>,
}

/// An alert that not everyone was told of.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Waiting {
    pub(super) alert: Alert,
    /// The channels that are still to be told.
    pub(super) to: Vec<String>,
}

impl Ledger {
    /// Reads what was noted; what cannot be read is begun anew.
    pub(super) fn read(note: Option<&[u8]>) -> Self {
        note.and_then(|note| serde_json::from_slice(note).ok()).unwrap_or_default()
    }

    /// Returns what is to be noted.
    pub(super) fn written(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Returns when a site began to be watched: now, if it was not.
    pub(super) fn began(&mut self, site: &str, now: i64) -> i64 {
        if !self.began.contains_key(site) && self.began.len() >= MOST_SITES {
            return now;
        }
        *self.began.entry(site.to_owned()).or_insert(now)
    }

    /// Looks at a site by one kind, and returns what is new; many at once are one alert.
    pub(super) fn look(&mut self, kind: &Kind, sight: &Sight<'_>) -> Vec<Alert> {
        let mut new: Vec<Candidate> = Vec::new();
        for candidate in (kind.find)(sight) {
            let name = name(kind, sight.site, &candidate.key);
            if let Some(last) = self.told.get_mut(&name) {
                // Written seldom, so that the ledger does not change at each look.
                if sight.now.saturating_sub(*last) >= HOUR {
                    *last = sight.now;
                }
            } else {
                self.told.insert(name, sight.now);
                new.push(candidate);
            }
        }
        if new.len() <= MOST_AT_ONCE {
            let alert = |one: Candidate| Alert::new(kind.name, sight.site, &one.title, &one.facts, sight.now);
            return new.into_iter().map(alert).collect();
        }
        let some: Vec<_> = new.iter().take(MOST_AT_ONCE).map(|one| ("among them", one.title.clone())).collect();
        vec![Alert::new(kind.name, sight.site, &format!("{} {}", new.len(), kind.many), &some, sight.now)]
    }

    /// Has alerts wait for these channels; returns how many older ones had to give way.
    pub(super) fn wait(&mut self, alerts: Vec<Alert>, to: &[String]) -> usize {
        if to.is_empty() {
            return 0;
        }
        self.waiting.extend(alerts.into_iter().map(|alert| Waiting { alert, to: to.to_vec() }));
        let surplus = self.waiting.len().saturating_sub(MOST_WAITING);
        self.waiting.drain(..surplus);
        surplus
    }

    /// Forgets what is not so any more: when it comes again, it is told again. Channels that are gone are told nothing.
    pub(super) fn tidy(&mut self, now: i64, channels: &[String]) {
        self.told.retain(|_, last| now.saturating_sub(*last) < AGAIN);
        while self.told.len() > MOST_TOLD {
            let Some(oldest) = self.told.iter().min_by_key(|(_, last)| **last).map(|(name, _)| name.clone()) else {
                return;
            };
            self.told.remove(&oldest);
        }
        self.waiting.iter_mut().for_each(|waiting| waiting.to.retain(|to| channels.contains(to)));
        self.waiting.retain(|waiting| !waiting.to.is_empty());
    }

    /// Returns what waits for a channel.
    pub(super) fn waiting_for(&self, channel: &str) -> Vec<Alert> {
        let waiting = self.waiting.iter().filter(|waiting| waiting.to.iter().any(|to| to == channel));
        waiting.map(|waiting| waiting.alert.clone()).collect()
    }

    /// Notes that a channel was told all that waited for it, or never will be.
    pub(super) fn done(&mut self, channel: &str) {
        self.waiting.iter_mut().for_each(|waiting| waiting.to.retain(|to| to != channel));
        self.waiting.retain(|waiting| !waiting.to.is_empty());
    }
}

/// A name of fixed size: keys are made of foreign text.
fn name(kind: &Kind, site: &str, key: &str) -> String {
    let mut hash = Sha256::new();
    for part in [kind.name, site, key] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finalize().iter().take(10).map(|byte| format!("{byte:02x}")).collect()
}

/// In milliseconds: what was gone for a day and is back is news.
const AGAIN: i64 = 24 * HOUR;

/// More of a kind at one look are a flood or a deployment, and one message.
const MOST_AT_ONCE: usize = 5;

const MOST_SITES: usize = 1000;

/// As many as groups can be.
const MOST_TOLD: usize = 30_000;

/// More than anyone reads.
const MOST_WAITING: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alerts::Settings;

    fn find(sight: &Sight<'_>) -> Vec<Candidate> {
        let keys = 0..sight.began;
        keys.map(|key| Candidate { key: key.to_string(), title: format!("number {key}"), facts: Vec::new() }).collect()
    }

    const KIND: Kind = Kind { name: "kind", about: "", many: "things", find };

    /// Looks at a site where so many things are so.
    fn look(ledger: &mut Ledger, things: i64, now: i64) -> Vec<String> {
        let settings = Settings::default();
        let sight =
            Sight { site: "a", now, began: things, groups: &[], hours: &[], happened: &[], settings: &settings };
        ledger.look(&KIND, &sight).into_iter().map(|alert| alert.title).collect()
    }

    #[test]
    fn a_thing_is_told_once_while_it_is_so_and_again_when_it_comes_back() {
        let mut ledger = Ledger::default();
        for (things, now, told) in [
            (1, 0, &["number 0"][..]),
            (1, HOUR, &[]),
            (2, 2 * HOUR, &["number 1"]),
            (1, 20 * HOUR, &[]),
            (0, 30 * HOUR, &[]),
            (2, 40 * HOUR, &["number 1"]),
        ] {
            assert_eq!(look(&mut ledger, things, now), told, "{now}");
            ledger.tidy(now, &[]);
            // As after a restart.
            ledger = Ledger::read(Some(&ledger.written()));
        }
    }

    #[test]
    fn a_flood_is_one_alert() {
        let mut ledger = Ledger::default();
        assert_eq!(look(&mut ledger, 5, 0).len(), 5);
        assert_eq!(look(&mut ledger, 1005, 1), ["1000 things"]);
        assert_eq!(look(&mut ledger, 1005, 2).len(), 0);
    }

    #[test]
    fn what_waits_is_bounded_and_belongs_to_channels_that_are_there() {
        let mut ledger = Ledger::default();
        let alerts = |count: i64| (0..count).map(Alert::trial).collect::<Vec<_>>();
        let both = ["a".to_owned(), "b".to_owned()];
        assert_eq!(ledger.wait(alerts(3), &[]), 0);
        assert_eq!(ledger.wait(alerts(3), &both), 0);
        ledger.done("a");
        assert_eq!((ledger.waiting_for("a").len(), ledger.waiting_for("b").len()), (0, 3));
        ledger.tidy(0, &both[..1]);
        assert!(ledger.waiting.is_empty());
        assert_eq!(ledger.wait(alerts(250), &both), 50);
        assert_eq!(ledger.waiting_for("a")[0].at, 50);
    }

    #[test]
    fn a_note_that_cannot_be_read_begins_anew() {
        for note in [None, Some(&b""[..]), Some(b"{"), Some(b"{\"told\":3}")] {
            assert_eq!(Ledger::read(note), Ledger::default());
        }
    }
}
