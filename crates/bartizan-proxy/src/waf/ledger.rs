//! What the firewall found, kept in memory for whoever asks: the last requests whole, and sums of all.
//!
//! Both are bounded: who sends attacks must not fill the memory.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

/// What the firewall found, over all workers.
#[derive(Debug, Default)]
pub struct Ledger {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    recent: VecDeque<Event>,
    sums: BTreeMap<Key, Sum>,
    /// By site.
    signed_in: BTreeMap<String, SignedIn>,
    shed: u64,
}

/// Requests with a session that were looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SignedIn {
    /// All of them.
    pub all: u64,
    /// Those that were refused, or would have been.
    pub refused: u64,
}

/// One request in which rules found something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// The number of the request.
    pub id: String,
    /// Seconds since 1970.
    pub at: u64,
    /// The site's name.
    pub site: String,
    /// The client.
    pub client: String,
    /// The method.
    pub method: String,
    /// The path without its query.
    pub path: String,
    /// What was done.
    pub outcome: Outcome,
    /// The inbound anomaly score, where the rules count one.
    pub score: Option<i64>,
    /// Whether the limits on work were reached, so that not everything was looked at.
    pub exhausted: bool,
    /// The rules that matched.
    pub rules: Vec<Fired>,
}

/// What was done with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It passed, and would have passed in any mode.
    Passed,
    /// It was refused.
    Refused,
    /// It passed, and would have been refused if the firewall blocked.
    WouldRefuse,
}

/// A rule that matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fired {
    /// The rule's number.
    pub id: u64,
    /// What it means.
    pub message: String,
    /// Where the rule stands, as file and line.
    pub place: String,
    /// Its severity, as rules name it.
    pub severity: Option<&'static str>,
    /// What it matched: the part's name in rules, and its beginning; secrets are left out.
    pub parts: Vec<(String, String)>,
}

/// What sums are kept by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Key {
    /// The site's name.
    pub site: String,
    /// The rule's number.
    pub rule: u64,
    /// The path without its query.
    pub path: String,
    /// The part's name in rules, such as `ARGS:comment`.
    pub target: String,
}

/// How often a rule found something in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// What the rule means.
    pub message: String,
    /// How often it matched.
    pub matched: u64,
    /// How often the request was refused, or would have been.
    pub refused: u64,
    /// Different clients, sixteen at most.
    pub clients: Vec<String>,
    /// The number of the last such request.
    pub last: String,
}

/// The requests that are kept whole. Each takes about a kilobyte.
const MOST_RECENT: usize = 4096;

/// The places that are counted; an app's own stay far below, and a scanner that invents paths fills them only once.
const MOST_SUMS: usize = 8192;

const MOST_CLIENTS: usize = 16;

impl Ledger {
    /// Writes a request down.
    pub fn write(&self, event: Event) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        for fired in &event.rules {
            for (target, _) in &fired.parts {
                inner.count(&event, fired, target);
            }
        }
        if inner.recent.len() >= MOST_RECENT {
            inner.recent.pop_front();
        }
        inner.recent.push_back(event);
    }

    /// Counts a request with a session.
    pub fn count_signed_in(&self, site: &str, is_refused: bool) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if !inner.signed_in.contains_key(site) {
            // Names are those of the configuration, so there are few.
            inner.signed_in.insert(site.to_owned(), SignedIn::default());
        }
        if let Some(counted) = inner.signed_in.get_mut(site) {
            counted.all += 1;
            counted.refused += u64::from(is_refused);
        }
    }

    /// Returns what was counted of requests with a session.
    pub fn signed_in(&self, site: &str) -> SignedIn {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.signed_in.get(site).copied().unwrap_or_default()
    }

    /// Returns the request of a number, if it is still kept.
    pub fn find(&self, id: &str) -> Option<Event> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.recent.iter().rev().find(|event| event.id == id).cloned()
    }

    /// Returns the last requests, newest first.
    pub fn recent(&self, most: usize) -> Vec<Event> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.recent.iter().rev().take(most).cloned().collect()
    }

    /// Returns the sums, those that refuse most first, and how many places found no room.
    pub fn sums(&self) -> (Vec<(Key, Sum)>, u64) {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sums: Vec<_> = inner.sums.iter().map(|(key, sum)| (key.clone(), sum.clone())).collect();
        sums.sort_by_key(|(_, sum)| std::cmp::Reverse((sum.refused, sum.matched)));
        (sums, inner.shed)
    }
}

impl Inner {
    fn count(&mut self, event: &Event, fired: &Fired, target: &str) {
        let key = Key { site: event.site.clone(), rule: fired.id, path: event.path.clone(), target: target.to_owned() };
        if self.sums.len() >= MOST_SUMS && !self.sums.contains_key(&key) {
            self.shed = self.shed.saturating_add(1);
            return;
        }
        let sum = self.sums.entry(key).or_insert_with(|| Sum {
            message: fired.message.clone(),
            matched: 0,
            refused: 0,
            clients: Vec::new(),
            last: String::new(),
        });
        sum.matched += 1;
        sum.refused += u64::from(event.outcome != Outcome::Passed);
        sum.last.clone_from(&event.id);
        if sum.clients.len() < MOST_CLIENTS && !sum.clients.contains(&event.client) {
            sum.clients.push(event.client.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: &str, path: &str, outcome: Outcome) -> Event {
        let parts = vec![("ARGS:q".to_owned(), "x".to_owned())];
        let fired = Fired { id: 1, message: "m".into(), place: "a.conf:1".into(), severity: None, parts };
        Event {
            id: id.to_owned(),
            at: 0,
            site: "a.example".into(),
            client: "192.0.2.1".into(),
            method: "GET".into(),
            path: path.to_owned(),
            outcome,
            score: Some(5),
            exhausted: false,
            rules: vec![fired],
        }
    }

    #[test]
    fn events_are_found_and_summed() {
        let ledger = Ledger::default();
        ledger.write(event("one", "/a", Outcome::Passed));
        ledger.write(event("two", "/a", Outcome::WouldRefuse));
        ledger.write(event("three", "/b", Outcome::Passed));
        assert_eq!(ledger.find("two").map(|event| event.path), Some("/a".to_owned()));
        assert_eq!(ledger.find("four"), None);
        let (sums, shed) = ledger.sums();
        let counts: Vec<_> = sums.iter().map(|(key, sum)| (&*key.path, sum.matched, sum.refused)).collect();
        assert_eq!((counts, shed), (vec![("/a", 2, 1), ("/b", 1, 0)], 0));
        for is_refused in [false, true, false] {
            ledger.count_signed_in("a.example", is_refused);
        }
        assert_eq!(ledger.signed_in("a.example"), SignedIn { all: 3, refused: 1 });
        assert_eq!(ledger.signed_in("b.example"), SignedIn::default());
    }

    #[test]
    fn neither_grows_without_end() {
        let ledger = Ledger::default();
        for number in 0..MOST_SUMS + 100 {
            ledger.write(event("x", &format!("/{number}"), Outcome::Passed));
        }
        let (sums, shed) = ledger.sums();
        assert_eq!((sums.len(), shed, ledger.recent(usize::MAX).len()), (MOST_SUMS, 100, MOST_RECENT));
    }
}
