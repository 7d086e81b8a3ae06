//! What a site is known to serve.
//!
//! Only the site's own pages teach it, never a report. An item becomes known when enough different clients were served
//! it, so that what one visitor plants for himself is not learnt; what an attacker can plant for everybody is what the
//! learning period cannot tell from the app (SECURITY.md says so).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::files::Files;
use crate::item::{Item, Seen};

/// What a site is known to serve.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Inventory {
    limits: Limits,
    #[serde(with = "as_list")]
    entries: BTreeMap<Item, Entry>,
    #[serde(with = "as_list")]
    shapes: BTreeMap<Digest, Shape>,
    /// How many items found no room.
    shed: u64,
    /// Files of the site's own that never change.
    #[serde(default)]
    pub files: Files,
}

/// How much is kept, and how much is asked before something is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The most items of a site. An app of hundreds of pages has some thousands; at 200 bytes each this is 2 MB.
    pub items: usize,
    /// How many different clients must have been served an item before it is known.
    pub clients: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { items: 10_000, clients: 2 }
    }
}

/// One item and who was served it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    is_known: bool,
    first: u64,
    last: u64,
    times: u64,
    /// Digests of clients, no more than are asked for.
    clients: BTreeSet<u64>,
    /// A page on which it stands.
    page: Box<str>,
}

/// Scripts that differ in values alone.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Shape {
    is_known: bool,
    /// No more than two: that shows that the values do vary.
    texts: BTreeSet<Digest>,
    clients: BTreeSet<u64>,
}

/// When, where and to whom a page was served.
#[derive(Debug, Clone, Copy)]
pub struct Sighting<'a> {
    /// Seconds since 1970.
    pub at: u64,
    /// A digest of the client's address: no address is kept.
    pub client: u64,
    /// The path of the page.
    pub page: &'a str,
}

impl Inventory {
    /// Returns an empty inventory.
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Takes over other limits; what is known stays known.
    pub const fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
    }

    /// Whether an item is known.
    pub fn knows(&self, item: &Item) -> bool {
        let by_itself = self.entries.get(item).is_some_and(|entry| entry.is_known);
        let shape = match item {
            Item::Script { shape: Some(shape), .. } => self.shapes.get(shape),
            _ => None,
        };
        by_itself || shape.is_some_and(|shape| shape.is_known)
    }

    /// Remembers what a page contained; nothing becomes known by that alone.
    pub fn see(&mut self, seen: &[Seen], sighting: Sighting<'_>) {
        for Seen { item, .. } in seen {
            self.see_one(item, sighting);
        }
    }

    fn see_one(&mut self, item: &Item, sighting: Sighting<'_>) {
        if let Item::Script { text, shape: Some(shape) } = item
            && (self.shapes.len() < self.limits.items || self.shapes.contains_key(shape))
        {
            let form = self.shapes.entry(*shape).or_default();
            if form.texts.len() < 2 {
                form.texts.insert(*text);
            }
            if form.clients.len() < self.limits.clients {
                form.clients.insert(sighting.client);
            }
            // A script whose values vary is known by its shape; each of its texts would take a place of its own.
            if form.texts.len() >= 2 {
                return;
            }
        }
        if let Some(entry) = self.entries.get_mut(item) {
            entry.last = sighting.at;
            entry.times = entry.times.saturating_add(1);
            if entry.clients.len() < self.limits.clients {
                entry.clients.insert(sighting.client);
            }
            return;
        }
        if self.entries.len() >= self.limits.items && !self.make_room() {
            self.shed = self.shed.saturating_add(1);
            return;
        }
        let entry = Entry {
            is_known: false,
            first: sighting.at,
            last: sighting.at,
            times: 1,
            clients: BTreeSet::from([sighting.client]),
            page: sighting.page.chars().take(200).collect::<String>().into(),
        };
        self.entries.insert(item.clone(), entry);
    }

    /// Forgets what is not known and was seen only once; what is known never makes way.
    fn make_room(&mut self) -> bool {
        let before = self.entries.len();
        self.entries.retain(|_, entry| entry.is_known || entry.times > 1);
        self.shed = self.shed.saturating_add((before - self.entries.len()) as u64);
        self.entries.len() < before
    }

    /// Makes known what enough clients were served, and returns how many items that were.
    pub fn settle(&mut self) -> usize {
        let wanted = self.limits.clients;
        let mut count = 0;
        for entry in self.entries.values_mut().filter(|entry| !entry.is_known && entry.clients.len() >= wanted) {
            entry.is_known = true;
            count += 1;
        }
        let varied = |shape: &&mut Shape| !shape.is_known && shape.texts.len() >= 2 && shape.clients.len() >= wanted;
        for shape in self.shapes.values_mut().filter(varied) {
            shape.is_known = true;
            count += 1;
        }
        count
    }

    /// Makes one item known, or unknown again, because the operator says so.
    pub fn decide(&mut self, item: &Item, is_known: bool) {
        if let Some(entry) = self.entries.get_mut(item) {
            entry.is_known = is_known;
        }
    }

    /// Returns the known items.
    pub fn known(&self) -> impl Iterator<Item = &Item> {
        self.entries.iter().filter(|(_, entry)| entry.is_known).map(|(item, _)| item)
    }

    /// Returns what was seen and is not known, with a page and how often.
    pub fn unknown(&self) -> impl Iterator<Item = (&Item, &str, u64)> {
        let waiting = self.entries.iter().filter(|(_, entry)| !entry.is_known);
        waiting.map(|(item, entry)| (item, &*entry.page, entry.times))
    }

    /// Returns what is not known although so many clients were served it, with a page and how often.
    pub fn met(&self, clients: usize) -> impl Iterator<Item = (&Item, &str, u64)> {
        let waiting = self.entries.iter().filter(move |(_, entry)| !entry.is_known && entry.clients.len() >= clients);
        waiting.map(|(item, entry)| (item, &*entry.page, entry.times))
    }

    /// Returns how many items are remembered.
    pub fn len(&self) -> usize {
        self.entries.len() + self.shapes.len()
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.shapes.is_empty()
    }

    /// Returns how many items found no room.
    pub const fn shed(&self) -> u64 {
        self.shed
    }
}

/// Maps whose keys are no strings, written as lists of pairs.
mod as_list {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(super) fn deserialize<'de, K, V, D>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::item::Verdict;
    use crate::shape::shape;

    fn script(text: &str) -> Item {
        Item::Script { text: Digest::of(text), shape: shape(text) }
    }

    fn serve(inventory: &mut Inventory, item: &Item, client: u64) {
        let seen = [Seen { item: item.clone(), verdict: Verdict::Blessed }];
        inventory.see(&seen, Sighting { at: 1, client, page: "/" });
    }

    #[test]
    fn what_one_client_sees_is_not_learnt() {
        let mut inventory = Inventory::new(Limits { items: 10, clients: 2 });
        let (own, planted) = (script("run()"), script("steal()"));
        for client in [1, 2] {
            serve(&mut inventory, &own, client);
        }
        for _ in 0..100 {
            serve(&mut inventory, &planted, 1);
        }
        assert!(!inventory.knows(&own), "before it is settled");
        assert_eq!(inventory.settle(), 1);
        assert!(inventory.knows(&own));
        assert!(!inventory.knows(&planted));
        inventory.decide(&planted, true);
        assert!(inventory.knows(&planted));
    }

    #[test]
    fn scripts_whose_values_vary_are_known_by_their_shape() {
        let mut inventory = Inventory::new(Limits { items: 10, clients: 2 });
        serve(&mut inventory, &script("var token = 'a'"), 1);
        serve(&mut inventory, &script("var token = 'b'"), 2);
        for client in [1, 2] {
            serve(&mut inventory, &script("go('home')"), client);
        }
        inventory.settle();
        assert!(inventory.knows(&script("var token = 'c'")));
        assert!(inventory.knows(&script("go('home')")));
        // Its value never varied, so another one is no value of the app's.
        assert!(!inventory.knows(&script("go('elsewhere')")));
    }

    #[test]
    fn room_is_bounded_and_the_known_stays() {
        let mut inventory = Inventory::new(Limits { items: 5, clients: 1 });
        let own = script("run()");
        serve(&mut inventory, &own, 1);
        inventory.settle();
        for number in 0..1000 {
            serve(&mut inventory, &Item::ScriptAt(format!("https://x.example/{number}").into()), 1);
        }
        assert!(inventory.len() <= 10);
        assert!(inventory.knows(&own));
        assert!(inventory.shed() > 900);
    }
}
