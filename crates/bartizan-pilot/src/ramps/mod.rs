//! Headers and modes that are dangerous at once and harmless in steps: one ramp a file, one table.
//!
//! A ramp is a list of rungs. It goes up when a rung has been stood on long enough with enough traffic and nothing
//! speaks against it, and back down when something does.

pub(crate) mod cookie_prefix;
mod embedder;
mod firewall;
mod hsts;
mod opener;
pub(crate) mod permissions;
pub(crate) mod resource;
pub(crate) mod same_site;
mod upgrade;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use bartizan_rewrite::{Inventory, Item};

use serde::{Deserialize, Serialize};

use crate::client::Clients;
use crate::evidence::{Evidence, Violation};
use crate::settings::Settings;

/// Which ramp.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RampName {
    /// The `__Host-` names of session cookies.
    CookiePrefix,
    /// Cross-Origin-Embedder-Policy.
    EmbedderPolicy,
    /// Strict-Transport-Security.
    Hsts,
    /// Cross-Origin-Opener-Policy.
    OpenerPolicy,
    /// Permissions-Policy.
    PermissionsPolicy,
    /// Cross-Origin-Resource-Policy.
    ResourcePolicy,
    /// The `SameSite` of session cookies.
    SameSite,
    /// The directive `upgrade-insecure-requests`.
    UpgradeInsecureRequests,
    /// The firewall's mode.
    Waf,
}

impl RampName {
    /// Returns the name, as the configuration has it.
    pub fn as_str(self) -> &'static str {
        ramp(self).map_or("", |ramp| ramp.text)
    }

    /// Returns the ramp of a name.
    pub fn of(text: &str) -> Option<Self> {
        RAMPS.iter().find(|ramp| ramp.text == text).map(|ramp| ramp.name)
    }
}

/// A ramp.
#[derive(Debug)]
pub(crate) struct Ramp {
    name: RampName,
    text: &'static str,
    rungs: &'static [Rung],
    judge: fn(&Facts<'_>) -> Judgement,
    /// Takes over what pages and reports teach, and says what is new; what is learnt stays on every rung.
    learn: Option<fn(&Facts<'_>) -> BTreeSet<String>>,
    /// Makes the value of a header from what was learnt, in place of the rung's.
    value: Option<fn(&BTreeSet<String>) -> String>,
}

/// One step of a ramp.
#[derive(Debug)]
pub(crate) struct Rung {
    name: &'static str,
    sends: Sends,
    /// How long it is stood on at least, in seconds; nothing where the settings say.
    least: Option<u64>,
}

/// What a rung has the wall do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sends {
    /// New session cookies keep the app's names; those that were renamed are still read.
    CookieNamesStay,
    /// Session cookies are renamed.
    CookieNamesPrefixed,
    /// A header, in place of the configuration's.
    Header {
        /// Its name.
        name: &'static str,
        /// Its value.
        value: Cow<'static, str>,
    },
    /// Session cookies get no `SameSite` but the app's.
    SameSiteStays,
    /// Session cookies without one get `SameSite=Lax`.
    SameSiteLax,
    /// Addresses of plain HTTP in pages are asked for over HTTPS.
    Upgrades,
    /// Nothing: it is only watched.
    Nothing,
    /// The firewall writes down what it would refuse.
    WafDetects,
    /// The firewall refuses.
    WafBlocks,
    /// A header is left out, whatever the configuration says.
    Without {
        /// Its name.
        name: &'static str,
    },
}

/// What is known when a ramp is judged.
#[derive(Debug)]
pub(crate) struct Facts<'a> {
    state: &'a RampState,
    settings: &'a Settings,
    subdomains: &'a Subdomains,
    inventory: &'a Inventory,
    site: &'a str,
}

/// Whether a ramp goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// Nothing speaks against it.
    Fine,
    /// Something does.
    Wait(String),
    /// It does harm where it is.
    Back(String),
}

/// How far a ramp of a site has come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RampState {
    pub(crate) rung: usize,
    pub(crate) is_held: bool,
    pub(crate) since: u64,
    pub(crate) pages: u64,
    /// Of them over plain HTTP.
    pub(crate) plain: u64,
    pub(crate) clients: Clients,
    pub(crate) evidence: Evidence,
    /// Requests with a session since the rung was reached, and those that were or would have been refused.
    pub(crate) signed_in: u64,
    pub(crate) refused: u64,
    /// What pages and reports taught, on whichever rung.
    #[serde(default)]
    pub(crate) learnt: BTreeSet<String>,
}

/// Names below a site's own, by how they were reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Subdomains {
    pub(crate) https: BTreeSet<String>,
    pub(crate) plain: BTreeSet<String>,
}

/// What is known of a site besides its ramps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around<'a> {
    pub(crate) site: &'a str,
    pub(crate) subdomains: &'a Subdomains,
    pub(crate) inventory: &'a Inventory,
}

/// A step of a ramp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RampStep {
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) is_back: bool,
    pub(crate) reason: String,
}

/// All ramps.
static RAMPS: &[&Ramp] = &[
    &cookie_prefix::RAMP,
    &embedder::RAMP,
    &firewall::RAMP,
    &hsts::RAMP,
    &opener::RAMP,
    &permissions::RAMP,
    &resource::RAMP,
    &same_site::RAMP,
    &upgrade::RAMP,
];

fn ramp(name: RampName) -> Option<&'static Ramp> {
    RAMPS.iter().copied().find(|ramp| ramp.name == name)
}

impl RampState {
    pub(crate) fn new(now: u64) -> Self {
        Self { since: now, ..Self::default() }
    }

    /// Takes note of a page.
    pub(crate) fn saw(&mut self, client: u64, is_https: bool) {
        self.pages = self.pages.saturating_add(1);
        self.plain = self.plain.saturating_add(u64::from(!is_https));
        self.clients.add(client);
    }

    /// Takes note of a report of a client that was served a page.
    pub(crate) fn reported(&mut self, violation: &Violation, client: u64) {
        self.evidence.add(violation, client);
    }

    /// Returns the rung's name and what it has the wall do.
    pub(crate) fn place(&self, name: RampName) -> Option<(&'static str, Sends)> {
        let ramp = ramp(name)?;
        let rungs = ramp.rungs;
        let rung = rungs.get(self.rung).or(rungs.last())?;
        let sends = match (&rung.sends, ramp.value) {
            (Sends::Header { name, .. }, Some(value)) => Sends::Header { name, value: Cow::Owned(value(&self.learnt)) },
            (sends, _) => sends.clone(),
        };
        Some((rung.name, sends))
    }

    /// Says what comes next, or what is waited for.
    pub(crate) fn judge(&self, name: RampName, settings: &Settings, around: Around<'_>, now: u64) -> Judgement {
        let Some(ramp) = ramp(name) else { return Judgement::Wait(String::new()) };
        let judged = (ramp.judge)(&self.facts(settings, around));
        if judged != Judgement::Fine {
            return judged;
        }
        let Some(rung) = ramp.rungs.get(self.rung).filter(|_| self.rung + 1 < ramp.rungs.len()) else {
            return Judgement::Wait("the end is reached; it is watched".to_owned());
        };
        let least = rung.least.unwrap_or(settings.trial);
        let past = now.saturating_sub(self.since);
        if past < least {
            return Judgement::Wait(format!("waits {} s more", least - past));
        }
        if self.pages < settings.pages || self.clients.count() < settings.clients {
            let clients = self.clients.count();
            return Judgement::Wait(format!(
                "waits for traffic: {} of {} pages, {clients} of {} clients",
                self.pages, settings.pages, settings.clients
            ));
        }
        Judgement::Fine
    }

    /// Takes over what pages and reports teach; returns what is new.
    pub(crate) fn learn(&mut self, name: RampName, settings: &Settings, around: Around<'_>) -> BTreeSet<String> {
        let Some(learn) = ramp(name).and_then(|ramp| ramp.learn) else { return BTreeSet::new() };
        let mut new = learn(&self.facts(settings, around));
        new.retain(|thing| !self.learnt.contains(thing));
        while self.learnt.len() + new.len() > MOST_LEARNT && new.pop_last().is_some() {}
        self.learnt.extend(new.iter().cloned());
        new
    }

    /// Begins a rung anew, since what is sent on it is not the same any more.
    pub(crate) fn again(&mut self, now: u64) {
        *self =
            Self { rung: self.rung, is_held: self.is_held, learnt: std::mem::take(&mut self.learnt), ..Self::new(now) };
    }

    const fn facts<'a>(&'a self, settings: &'a Settings, around: Around<'a>) -> Facts<'a> {
        Facts { state: self, settings, subdomains: around.subdomains, inventory: around.inventory, site: around.site }
    }

    /// Moves to another rung.
    pub(crate) fn go(&mut self, name: RampName, is_back: bool, reason: String, now: u64) -> Option<RampStep> {
        let (from, _) = self.place(name)?;
        let last = ramp(name)?.rungs.len().checked_sub(1)?;
        let rung =
            if is_back { self.rung.checked_sub(1)? } else { Some(self.rung + 1).filter(|next| *next <= last)? };
        let learnt = std::mem::take(&mut self.learnt);
        *self = Self { rung, is_held: self.is_held, learnt, ..Self::new(now) };
        let (to, _) = self.place(name)?;
        Some(RampStep { from, to, is_back, reason })
    }
}

impl Facts<'_> {
    /// Returns what of a kind enough clients did, and how many.
    fn told(&self, kind: &str) -> impl Iterator<Item = (&str, usize)> {
        let told = self.state.evidence.entries().filter(move |(what, ..)| *what == kind);
        told.map(|(_, target, seen)| (target, seen.clients.len()))
            .filter(|(_, clients)| *clients >= self.settings.witnesses)
    }

    /// Returns how many clients there were.
    fn clients(&self) -> usize {
        usize::try_from(self.state.clients.count()).unwrap_or(usize::MAX)
    }

    /// Whether the site's pages name an origin or load from it.
    fn names(&self, origin: &str) -> bool {
        if origin.is_empty() {
            return false;
        }
        let is_there = |item: &Item| match item {
            Item::Loads(_, address) | Item::Names(address) | Item::ScriptAt(address) | Item::StyleAt(address) => {
                address.strip_prefix(origin).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
            Item::Delegates(_, address) => **address == *origin,
            _ => false,
        };
        self.items().any(is_there)
    }

    /// Returns what is known, and what enough clients were served.
    fn items(&self) -> impl Iterator<Item = &Item> {
        let met = self.inventory.met(self.settings.witnesses).map(|(item, ..)| item);
        self.inventory.known().chain(met)
    }

    /// Why reports of a kind speak against the rung, if enough real clients sent them.
    fn objection(&self, kind: &str) -> Option<String> {
        let witnesses = self.state.evidence.witnesses(|what, _| what == kind);
        let is_much = witnesses >= self.settings.witnesses && witnesses as u64 * 100 >= self.state.clients.count();
        let (_, target, seen) = self
            .state
            .evidence
            .entries()
            .filter(|(what, ..)| *what == kind)
            .max_by_key(|(.., seen)| seen.clients.len())?;
        is_much.then(|| format!("{witnesses} clients report {kind} violations, most of {target} on {}", seen.page))
    }
}

/// What a site's ramps have the wall do.
pub(crate) fn sends(ramps: &BTreeMap<RampName, RampState>) -> Vec<Sends> {
    ramps.iter().filter_map(|(name, state)| state.place(*name).map(|(_, sends)| sends)).collect()
}

/// Features of browsers are some dozens, and origins that a site hands them to are few.
const MOST_LEARNT: usize = 100;

const HOUR: u64 = 3600;

const DAY: u64 = 24 * HOUR;

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Returns what is said of a ramp where nothing is known besides it.
    pub(crate) fn judged(state: &RampState, name: RampName, now: u64) -> &'static str {
        let inventory = Inventory::default();
        let around = Around { site: "app.example", subdomains: &Subdomains::default(), inventory: &inventory };
        word(&state.judge(name, &settings(), around, now))
    }

    /// Clients that report something, or do it.
    pub(crate) fn report(state: &mut RampState, what: &str, target: &str, clients: u64) {
        let violation = Violation { what: what.to_owned(), target: target.to_owned(), page: "/".to_owned() };
        (0..clients).for_each(|client| state.reported(&violation, client));
    }

    /// An inventory in which these are known.
    pub(crate) fn knowing(items: &[Item]) -> Inventory {
        use bartizan_rewrite::{Limits, Seen, Sighting, Verdict};
        let mut inventory = Inventory::new(Limits { items: 100, clients: 1 });
        let seen: Vec<_> = items.iter().map(|item| Seen { item: item.clone(), verdict: Verdict::ByAddress }).collect();
        inventory.see(&seen, Sighting { at: 0, client: 1, page: "/" });
        inventory.settle();
        inventory
    }

    pub(crate) fn settings() -> Settings {
        Settings { trial: 100, pages: 10, clients: 3, witnesses: 2, ..Settings::default() }
    }

    /// A rung with traffic.
    pub(crate) fn at(rung: usize) -> RampState {
        let mut state = RampState { rung, ..RampState::new(0) };
        for number in 0..10 {
            state.saw(number % 3, true);
        }
        state
    }

    pub(crate) fn word(judgement: &Judgement) -> &'static str {
        match judgement {
            Judgement::Fine => "up",
            Judgement::Wait(_) => "wait",
            Judgement::Back(_) => "back",
        }
    }

    #[test]
    fn every_ramp_goes_up_with_time_and_traffic_and_ends() {
        let subdomains = Subdomains { https: BTreeSet::from(["www.app.example".to_owned()]), plain: BTreeSet::new() };
        for ramp in RAMPS {
            assert_eq!(RampName::of(ramp.text), Some(ramp.name));
            let mut state = at(0);
            state.signed_in = 1000;
            let inventory = Inventory::default();
            let around = Around { site: "app.example", subdomains: &subdomains, inventory: &inventory };
            let judge = |state: &RampState, now| word(&state.judge(ramp.name, &settings(), around, now));
            assert_eq!(judge(&state, 0), "wait", "{}: at once", ramp.text);
            assert_eq!(judge(&RampState::new(0), 1 << 40), "wait", "{}: without traffic", ramp.text);
            for rung in 1..ramp.rungs.len() {
                assert_eq!(judge(&state, 1 << 40), "up", "{} {rung}", ramp.text);
                assert!(state.go(ramp.name, false, String::new(), 0).is_some());
                state = RampState { signed_in: 1000, ..at(rung) };
            }
            assert_eq!(judge(&state, 1 << 40), "wait", "{}: the end", ramp.text);
            assert_eq!(state.go(ramp.name, false, String::new(), 0), None);
            assert!(state.go(ramp.name, true, String::new(), 0).is_some_and(|step| step.is_back));
        }
    }
}
