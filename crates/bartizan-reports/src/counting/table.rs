//! The table of groups: a report is counted by one lookup, and a batch takes only what changed.

use std::borrow::Cow;
use std::collections::{HashMap, hash_map};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

use super::Bounds;
use super::budget::Budget;
use super::entry::Entry;
use crate::noise::Class;
use crate::report::Report;
use crate::sketch::{Client, Sketch};
use crate::store::{Batch, Sample, SiteDelta};
use crate::subject::{Fingerprint, Subject, page};

/// Every group of every site.
#[derive(Debug)]
pub struct Table {
    sites: HashMap<Arc<str>, Site>,
    common: Common,
}

/// What all sites share.
#[derive(Debug)]
struct Common {
    bounds: Bounds,
    groups: usize,
    budget: Budget,
    samples: Vec<Sample>,
    sample_bytes: usize,
    waiting: u64,
    hasher: RandomState,
}

#[derive(Debug)]
struct Site {
    name: Arc<str>,
    groups: HashMap<Fingerprint, Entry>,
    /// Those with something that the store does not know.
    changed: Vec<Fingerprint>,
    clients: Sketch,
}

/// Where a report came from, and when.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// The site.
    pub site: &'a str,
    /// The version of its policy.
    pub policy: &'a str,
    /// Who sent it.
    pub client: Client,
    /// When, in milliseconds since 1970.
    pub now: i64,
}

/// Counts what one client sent for one site.
#[derive(Debug)]
pub struct Counting<'a> {
    arrival: Arrival<'a>,
    site: &'a mut Site,
    common: &'a mut Common,
}

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// In its group.
    InGroup,
    /// In the group of what has no group of its own.
    InRest,
    /// Not at all: too much waits for the store.
    NoRoom,
}

impl Table {
    /// Makes a table that knows these groups.
    pub fn new(bounds: Bounds, known: Vec<(Fingerprint, String)>) -> Self {
        let common = Common {
            bounds,
            groups: 0,
            budget: Budget::new(),
            samples: Vec::new(),
            sample_bytes: 0,
            waiting: 0,
            hasher: RandomState::new(),
        };
        let mut table = Self { sites: HashMap::new(), common };
        table.learn(known);
        table
    }

    /// Takes over groups that a store knows; what was counted of them stays.
    pub fn learn(&mut self, known: Vec<(Fingerprint, String)>) {
        let no_policy: Arc<str> = "".into();
        for (id, site) in known {
            if let Some(site) = site_of(&mut self.sites, &site, usize::MAX)
                && let hash_map::Entry::Vacant(place) = site.groups.entry(id)
            {
                place.insert(Entry::new(None, Arc::clone(&no_policy)));
                self.common.groups += 1;
            }
        }
    }

    /// Begins to count what came in; none where there are too many sites.
    pub fn at<'a>(&'a mut self, arrival: Arrival<'a>) -> Option<Counting<'a>> {
        let site = site_of(&mut self.sites, arrival.site, self.common.bounds.sites)?;
        Some(Counting { arrival, site, common: &mut self.common })
    }

    /// Takes what the store does not know yet.
    pub fn take(&mut self, at: i64) -> Batch {
        let mut batch = Batch { at, samples: std::mem::take(&mut self.common.samples), ..Batch::default() };
        for site in self.sites.values_mut() {
            let name = &site.name;
            let groups = &mut site.groups;
            let before = batch.groups.len();
            batch.groups.extend(site.changed.drain(..).filter_map(|id| groups.get_mut(&id)?.take(id, name)));
            if batch.groups.len() > before {
                batch.sites.push(SiteDelta { site: Arc::clone(name), clients: site.clients });
            }
        }
        self.common.sample_bytes = 0;
        self.common.waiting = 0;
        batch
    }

    /// Forgets every group but these: after the store forgot some.
    pub fn keep_only(&mut self, known: &[(Fingerprint, String)]) {
        let known: std::collections::HashSet<_> = known.iter().map(|(id, _)| *id).collect();
        self.common.groups = 0;
        for site in self.sites.values_mut() {
            let changed: std::collections::HashSet<_> = site.changed.iter().copied().collect();
            site.groups.retain(|id, _| known.contains(id) || changed.contains(id));
            self.common.groups += site.groups.len();
        }
        self.sites.retain(|_, site| !site.groups.is_empty());
    }

    /// Returns how many reports the store does not know yet.
    pub fn waiting(&self) -> u64 {
        self.common.waiting
    }

    /// Whether half of what may wait does: the store should be asked soon.
    pub fn is_urgent(&self) -> bool {
        self.common.waiting >= self.common.bounds.waiting_reports / 2
            || self.common.sample_bytes >= self.common.bounds.waiting_bytes / 2
    }

    /// Returns how many groups there are.
    pub fn groups(&self) -> usize {
        self.common.groups
    }
}

impl Counting<'_> {
    /// Counts a report.
    pub fn count(&mut self, report: &Report<'_>, noise: Option<Class>) -> Counted {
        let (arrival, common) = (self.arrival, &mut *self.common);
        if common.waiting >= common.bounds.waiting_reports {
            return Counted::NoRoom;
        }
        let subject = Subject::of(report, noise);
        let id = subject.fingerprint(arrival.site, arrival.policy);
        common.waiting += 1;
        self.site.clients.add(arrival.client);
        let page = page(report);
        let hash = common.hasher.hash_one(&page);
        if let Some(entry) = self.site.groups.get_mut(&id) {
            if entry.subject.is_none() {
                entry.subject = Some(Arc::new(subject.into_owned()));
                entry.policy = arrival.policy.into();
            }
            if entry.count(arrival.client, &page, hash, arrival.now) {
                self.site.changed.push(id);
            }
            if entry.wants_sample(arrival.now, common.sample_every()) {
                entry.sampled(arrival.now);
                common.sample(id, arrival.now, report);
            }
            return Counted::InGroup;
        }
        let has_room = self.site.groups.len() < common.bounds.groups_per_site && common.groups < common.bounds.groups;
        if !has_room || !common.budget.take(arrival.client, common.bounds.new_groups_per_client, arrival.now) {
            let subject = rest(&subject);
            let id = subject.fingerprint(arrival.site, "");
            let entry = self.site.groups.entry(id).or_insert_with(|| {
                common.groups += 1;
                Entry::new(None, "".into())
            });
            if entry.subject.is_none() {
                entry.subject = Some(Arc::new(subject.into_owned()));
            }
            if entry.count(arrival.client, "", 0, arrival.now) {
                self.site.changed.push(id);
            }
            return Counted::InRest;
        }
        let mut entry = Entry::new(Some(Arc::new(subject.into_owned())), arrival.policy.into());
        entry.count(arrival.client, &page, hash, arrival.now);
        entry.sampled(arrival.now);
        self.site.changed.push(id);
        self.site.groups.insert(id, entry);
        common.groups += 1;
        common.sample(id, arrival.now, report);
        Counted::InGroup
    }

    /// Counts a report by where it was counted before; none where the report itself is needed, for a sample or for the
    /// name of its page, or because its group is gone.
    pub(crate) fn count_again(&mut self, group: Fingerprint, page: u64) -> Option<Counted> {
        let (arrival, common) = (self.arrival, &mut *self.common);
        if common.waiting >= common.bounds.waiting_reports {
            return Some(Counted::NoRoom);
        }
        let entry = self.site.groups.get_mut(&group)?;
        if entry.subject.is_none() || entry.wants_sample(arrival.now, common.sample_every()) {
            return None;
        }
        if entry.count_again(arrival.client, page, arrival.now)? {
            self.site.changed.push(group);
        }
        common.waiting += 1;
        self.site.clients.add(arrival.client);
        Some(Counted::InGroup)
    }

    /// Returns group and page of a report, by which it can be counted again.
    pub(crate) fn places(&self, report: &Report<'_>, noise: Option<Class>) -> (Fingerprint, u64) {
        let group = Subject::of(report, noise).fingerprint(self.arrival.site, self.arrival.policy);
        (group, self.common.hasher.hash_one(page(report)))
    }
}

impl Common {
    /// Keeps a report as it came, as far as there is room; a long policy or text is what is left out.
    fn sample(&mut self, group: Fingerprint, received: i64, report: &Report<'_>) {
        let mut body = String::new();
        report.write_body(&mut body);
        if body.len() > self.bounds.sample_bytes {
            "{}".clone_into(&mut body);
        }
        let url = cut(&report.url);
        let user_agent = cut(report.user_agent.as_deref().unwrap_or_default());
        let bytes = body.len() + url.len() + user_agent.len();
        if self.sample_bytes + bytes > self.bounds.waiting_bytes {
            return;
        }
        self.sample_bytes += bytes;
        self.samples.push(Sample { group, received, age: report.age, url, user_agent, body });
    }

    fn sample_every(&self) -> i64 {
        i64::try_from(self.bounds.sample_every.as_millis()).unwrap_or(i64::MAX)
    }
}

fn site_of<'a>(sites: &'a mut HashMap<Arc<str>, Site>, name: &str, most: usize) -> Option<&'a mut Site> {
    if !sites.contains_key(name) {
        if sites.len() >= most {
            return None;
        }
        let shared: Arc<str> = name.into();
        let site =
            Site { name: Arc::clone(&shared), groups: HashMap::new(), changed: Vec::new(), clients: Sketch::default() };
        sites.insert(shared, site);
    }
    sites.get_mut(name)
}

/// What stands for all of a kind that have no group of their own; names of kinds are foreign, too.
fn rest(subject: &Subject<'_>) -> Subject<'static> {
    let is_known = crate::formats::kind_of(&subject.kind).is_some();
    Subject {
        kind: Cow::Owned(if is_known { subject.kind.clone().into_owned() } else { "other".to_owned() }),
        what: Cow::Borrowed(REST),
        target: Cow::Borrowed(""),
        source: Cow::Borrowed(""),
        disposition: Cow::Borrowed(""),
        noise: None,
    }
}

fn cut(text: &str) -> String {
    text.get(..text.floor_char_boundary(LONGEST)).unwrap_or_default().to_owned()
}

/// What happened, in the group of all that has none: no directive or feature is spelled so.
pub const REST: &str = "(more)";

/// Longer than any browser's name, and than most addresses.
const LONGEST: usize = 2000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::address::Queries;
    use crate::json::{Limits, read};

    fn count(table: &mut Table, arrival: Arrival<'_>, blocked: &str) -> Option<Counted> {
        let text =
            format!("{{\"csp-report\":{{\"document-uri\":\"https://a.example/\",\"blocked-uri\":\"{blocked}\"}}}}");
        let batch = crate::shape::reports(read(text.as_bytes(), Limits::default()).unwrap(), 1, Queries::Drop).unwrap();
        table.at(arrival).map(|mut counting| counting.count(&batch.reports[0], None))
    }

    fn arrival(client: u64) -> Arrival<'static> {
        Arrival { site: "a", policy: "", client: Client(client << 32), now: 1000 }
    }

    #[test]
    fn the_same_is_one_group_and_a_batch_takes_it_once() {
        let mut table = Table::new(Bounds::default(), Vec::new());
        for blocked in ["https://b.example/", "https://b.example/", "inline"] {
            assert_eq!(count(&mut table, arrival(1), blocked), Some(Counted::InGroup));
        }
        let batch = table.take(2000);
        let mut counts: Vec<_> = batch.groups.iter().map(|group| group.count).collect();
        counts.sort_unstable();
        assert_eq!((counts, batch.samples.len(), batch.sites.len()), (vec![1, 2], 3, 1));
        assert!(table.take(3000).is_empty());
        count(&mut table, arrival(1), "inline");
        assert_eq!(table.take(4000).reports(), 1);
    }

    #[test]
    fn forged_floods_end_in_one_group_and_stay_in_the_total() {
        let bounds = Bounds { groups_per_site: 5, ..Bounds::default() };
        let mut table = Table::new(bounds, Vec::new());
        let outcomes: Vec<_> =
            (0..100).map(|n| count(&mut table, arrival(1), &format!("https://{n}.example/"))).collect();
        assert_eq!(outcomes.iter().filter(|outcome| **outcome == Some(Counted::InGroup)).count(), 5);
        let batch = table.take(2000);
        assert_eq!((batch.groups.len(), batch.reports()), (6, 100));
        assert!(batch.groups.iter().any(|group| group.subject.what == REST && group.count == 95));
    }

    #[test]
    fn one_client_cannot_spend_the_groups_of_all() {
        let bounds = Bounds { new_groups_per_client: 3, ..Bounds::default() };
        let mut table = Table::new(bounds, Vec::new());
        for n in 0..10 {
            count(&mut table, arrival(1), &format!("https://{n}.example/"));
        }
        assert_eq!(count(&mut table, arrival(2), "https://other.example/"), Some(Counted::InGroup));
        assert_eq!(table.groups(), 5);
    }

    #[test]
    fn sites_and_what_waits_are_bounded() {
        let bounds = Bounds { sites: 1, waiting_reports: 2, ..Bounds::default() };
        let mut table = Table::new(bounds, Vec::new());
        for (site, expected) in
            [("a", Some(Counted::InGroup)), ("b", None), ("a", Some(Counted::InGroup)), ("a", Some(Counted::NoRoom))]
        {
            assert_eq!(count(&mut table, Arrival { site, ..arrival(1) }, "inline"), expected, "{site}");
        }
    }

    #[test]
    fn what_a_store_knows_counts_against_the_bound_after_a_restart() {
        let mut table = Table::new(Bounds::default(), Vec::new());
        count(&mut table, arrival(1), "inline");
        let known = table.take(0).groups.iter().map(|group| (group.id, group.site.to_string())).collect();
        let mut table = Table::new(Bounds { groups_per_site: 1, ..Bounds::default() }, known);
        assert_eq!(count(&mut table, arrival(1), "inline"), Some(Counted::InGroup));
        assert_eq!(count(&mut table, arrival(1), "data"), Some(Counted::InRest));
        assert_eq!(table.take(0).reports(), 2);
    }
}
