//! All sites together: what happened is handed in, with the time, and steps come out.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use bartizan_reports::store::{Store as Reports, StoreError as ReportsError};
use bartizan_rewrite::{Digest, Served as File, Sighting, Summary};

use crate::client::ClientKey;
use crate::evidence::Violation;
use crate::news::{self, News};
use crate::ramps::{self, RampName, Sends};
use crate::sent::Policies;
use crate::settings::{Integrity, Settings};
use crate::site::Site;
use crate::state::{By, Entry, POLICY, State, limits};
use crate::status::Status;
use crate::store::{Store, StoreError};
use crate::view::View;
use crate::visit::Visit;

/// All sites together.
#[derive(Debug)]
pub struct Autopilot {
    key: ClientKey,
    sites: BTreeMap<String, Site>,
    /// Whether a view is new since they were asked for.
    has_new_views: bool,
    /// What the operator was not told of yet.
    news: Vec<News>,
}

/// What an operator asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Stay where it is.
    Hold,
    /// Go on by itself again.
    Release,
    /// One step forward, whatever is missing.
    Advance,
    /// One step back, and stay there.
    Revert,
    /// Back to learning: what is served from now on becomes known.
    Relearn,
}

/// Why a command is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// No such site has an autopilot.
    #[error("no site of this name has an autopilot")]
    NoSite,
    /// The site has no such ramp.
    #[error("the site has no such ramp; `autopilot.ramps` names those it has")]
    NoRamp,
    /// There is no further step.
    #[error("the end is reached already")]
    AtTheEnd,
    /// There is no step back.
    #[error("nothing is enforced or tried out yet")]
    AtTheStart,
}

/// A page that was served.
#[derive(Debug, Clone, Copy)]
pub struct Served<'a> {
    /// To whom.
    pub client: IpAddr,
    /// The host that was asked for, without port.
    pub host: &'a str,
    /// The path, without its query.
    pub path: &'a str,
    /// Whether it went over HTTPS.
    pub is_https: bool,
    /// The policies that it left with.
    pub policies: Policies<'a>,
}

/// Requests with a session that the firewall looked at, since the wall began.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// All of them.
    pub signed_in: u64,
    /// Those that were refused, or would have been.
    pub refused: u64,
}

/// How many sites a wall may have an autopilot for; each keeps some megabytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MostSites;

impl MostSites {
    /// The number.
    pub const COUNT: usize = 1000;
}

impl Autopilot {
    /// Begins with no site.
    pub fn new(key: ClientKey) -> Self {
        Self { key, sites: BTreeMap::new(), has_new_views: true, news: Vec::new() }
    }

    /// Returns what stands for a client.
    pub fn client(&self, address: IpAddr) -> u64 {
        self.key.hash(address)
    }

    /// Takes over a site's settings; one that is new begins with the state that was kept, or anew.
    pub fn configure(&mut self, name: &str, settings: Settings, kept: impl FnOnce() -> Option<State>, now: u64) {
        self.has_new_views = true;
        if let Some(site) = self.sites.get_mut(name) {
            site.state.inventory.set_limits(limits(&settings));
            if settings.integrity == Integrity::Off {
                site.state.inventory.files.clear();
            }
            site.settings = settings;
            site.made = 0;
            site.set_ramps(now);
            site.renew(self.key);
            return;
        }
        if self.sites.len() >= MostSites::COUNT {
            return;
        }
        let state = kept().unwrap_or_else(|| State::new(&settings, now));
        let site = Site::new(settings, state, self.key, now);
        self.sites.insert(name.to_owned(), site);
    }

    /// Forgets the sites that are not named; what was kept of them stays.
    pub fn keep_only(&mut self, names: &BTreeSet<String>) {
        self.sites.retain(|name, _| names.contains(name));
        self.has_new_views = true;
    }

    /// Takes note of a page that was served, and what it contained.
    pub fn saw(&mut self, site: &str, served: Served<'_>, summary: &Summary, now: u64) {
        let client = self.key.hash(served.client);
        let name = site;
        let Some(site) = self.sites.get_mut(site) else { return };
        site.is_changed = true;
        let state = &mut site.state;
        state.ramps.values_mut().for_each(|ramp| ramp.saw(client, served.is_https));
        state.note_host(name, served.host, served.is_https);
        state.pages = state.pages.saturating_add(1);
        state.clients.add(client);
        if summary.is_partial {
            state.partial = state.partial.saturating_add(1);
        }
        state.has_unmet_policy |= summary.has_unmet_policy;
        for policy in &summary.own_policies {
            if state.meta_policies.len() < MOST_META_POLICIES {
                state.meta_policies.insert(policy.chars().take(LONGEST_META_POLICY).collect());
            }
        }
        state.sent.see(served.path, served.policies, &summary.own_policies);
        state.inventory.see(&summary.seen, Sighting { at: now, client, page: served.path });
    }

    /// Takes note of what a client reported, and about which step, if it was one.
    pub fn reported(&mut self, site: &str, step: Option<u64>, client: IpAddr, violations: &[Violation]) {
        let client = self.key.hash(client);
        let Some(site) = self.sites.get_mut(site) else { return };
        site.is_changed = true;
        // Who was served nothing has nothing to report.
        let is_real = site.state.clients.contains(client);
        for violation in violations {
            if violation.is_of_a_ramp() {
                for ramp in site.state.ramps.values_mut().filter(|ramp| ramp.clients.contains(client)) {
                    ramp.reported(violation, client);
                }
            } else if step == Some(site.state.step) && is_real {
                site.state.evidence.add(violation, client);
            } else if step == Some(site.state.step) {
                site.state.evidence.strangers = site.state.evidence.strangers.saturating_add(1);
            }
        }
    }

    /// Takes note of the digest of a file that never changes.
    pub fn hashed(&mut self, site: &str, client: IpAddr, address: &str, version: &str, digest: Digest) {
        let client = self.key.hash(client);
        let Some(site) = self.sites.get_mut(site) else { return };
        let before = site.state.inventory.files.count();
        let file = File { address, version, digest, client };
        let is_news = site.state.inventory.files.see(file, site.settings.witnesses);
        site.is_changed = true;
        if !is_news {
            return;
        }
        if site.state.inventory.files.count().1 > before.1 {
            // Pages that name it break: at once.
            site.renew(self.key);
            self.has_new_views = true;
        } else {
            site.has_new_files = true;
        }
    }

    /// Takes note of what a request says of other sites' pages.
    pub fn visited(&mut self, site: &str, visit: Visit<'_>) {
        let client = self.key.hash(visit.client);
        let Some(site) = self.sites.get_mut(site) else { return };
        let (name, what) = visit.counted();
        if let Some(ramp) = site.state.ramps.get_mut(&name) {
            ramp.reported(&what, client);
            site.is_changed = true;
        }
    }

    /// Takes note of what the firewall counted.
    pub fn counted(&mut self, site: &str, traffic: Traffic) {
        let Some(site) = self.sites.get_mut(site) else { return };
        let before = std::mem::replace(&mut site.traffic, traffic);
        if let Some(ramp) = site.state.ramps.get_mut(&RampName::Waf) {
            // Counts begin anew with the process.
            ramp.signed_in += traffic.signed_in.saturating_sub(before.signed_in);
            ramp.refused += traffic.refused.saturating_sub(before.refused);
        }
    }

    /// Returns what the ramps of each site have the wall do.
    pub fn sends(&self) -> BTreeMap<String, Vec<Sends>> {
        self.sites.iter().map(|(name, site)| (name.clone(), ramps::sends(&site.state.ramps))).collect()
    }

    /// Does what the operator asks for with a ramp.
    ///
    /// # Errors
    ///
    /// A [`CommandError`].
    pub fn command_ramp(
        &mut self,
        name: &str,
        ramp: RampName,
        command: Command,
        now: u64,
    ) -> Result<Option<Entry>, CommandError> {
        let site = self.sites.get_mut(name).ok_or(CommandError::NoSite)?;
        let held = &mut site.state.ramps.get_mut(&ramp).ok_or(CommandError::NoRamp)?.is_held;
        let reason = "asked for".to_owned();
        let step = match command {
            Command::Hold => {
                *held = true;
                self.news.push(news::of_hold(name, ramp.as_str(), now));
                None
            }
            Command::Release => {
                *held = false;
                None
            }
            Command::Advance => {
                Some(site.state.climb(ramp, false, By::Operator, reason, now).ok_or(CommandError::AtTheEnd)?)
            }
            Command::Revert => {
                *held = true;
                Some(site.state.climb(ramp, true, By::Operator, reason, now).ok_or(CommandError::AtTheStart)?)
            }
            Command::Relearn => return Err(CommandError::NoRamp),
        };
        site.is_changed = true;
        site.unsaved.extend(step.iter().cloned());
        self.news.extend(step.iter().filter_map(|step| news::of_step(name, step)));
        Ok(step)
    }

    /// Does what is due, and returns the steps that were made.
    ///
    /// # Errors
    ///
    /// Where stored reports cannot be read; nothing is decided without them.
    pub fn tick(&mut self, now: u64, reports: &mut dyn Reports) -> Result<Vec<(String, Entry)>, ReportsError> {
        let mut made = Vec::new();
        for (name, site) in &mut self.sites {
            let steps = site.tick(name, now, reports)?;
            // What is known is copied for that, so not for each file.
            let has_new_files = site.has_new_files && site.climbed == now;
            if !steps.is_empty() || has_new_files {
                site.has_new_files = false;
                site.renew(self.key);
                self.has_new_views = true;
            }
            self.news.extend(steps.iter().filter_map(|step| news::of_step(name, step)));
            self.news.extend(site.told.look(name, &site.state, &site.settings, now));
            made.extend(steps.into_iter().map(|step| (name.clone(), step)));
        }
        Ok(made)
    }

    /// Does what the operator asks for; returns the step, if it is one.
    ///
    /// # Errors
    ///
    /// A [`CommandError`], or what kept stored reports from being read.
    pub fn command(
        &mut self,
        name: &str,
        command: Command,
        now: u64,
        reports: &mut dyn Reports,
    ) -> Result<Option<Entry>, CommandError> {
        let site = self.sites.get_mut(name).ok_or(CommandError::NoSite)?;
        let step = site.command(name, command, now, reports)?;
        if command == Command::Hold {
            self.news.push(news::of_hold(name, POLICY, now));
        }
        self.news.extend(step.iter().filter_map(|step| news::of_step(name, step)));
        site.is_changed = true;
        site.renew(self.key);
        self.has_new_views = true;
        Ok(step)
    }

    /// Returns what the operator was not told of yet.
    pub fn take_news(&mut self) -> Vec<News> {
        std::mem::take(&mut self.news)
    }

    /// Returns what is told of every site.
    pub fn status(&self, now: u64) -> Vec<Status> {
        self.sites.iter().map(|(name, site)| Status::of(name, &site.state, &site.settings, now)).collect()
    }

    /// Returns what is told of one site.
    pub fn status_of(&self, name: &str, now: u64) -> Option<Status> {
        self.sites.get(name).map(|site| Status::of(name, &site.state, &site.settings, now))
    }

    /// Returns the views, where one is new since they were last asked for.
    pub fn new_views(&mut self) -> Option<BTreeMap<String, Arc<View>>> {
        std::mem::take(&mut self.has_new_views)
            .then(|| self.sites.iter().map(|(name, site)| (name.clone(), Arc::clone(&site.view))).collect())
    }

    /// Keeps what is due: steps at once, what was learnt now and then.
    ///
    /// # Errors
    ///
    /// A [`StoreError`]; what was not kept is tried again.
    pub fn save(&mut self, store: &mut Store, now: u64, everything: bool) -> Result<(), StoreError> {
        for (name, site) in &mut self.sites {
            let is_due = everything || now.saturating_sub(site.saved) >= SAVE_EVERY;
            if !site.unsaved.is_empty() || (site.is_changed && is_due) {
                store.save(name, &site.state, &site.unsaved)?;
                site.unsaved.clear();
                site.is_changed = false;
                site.saved = now;
            }
        }
        Ok(())
    }
}

/// Between two writes of what was learnt: a crash loses as much.
const SAVE_EVERY: u64 = 30;

const MOST_META_POLICIES: usize = 8;

const LONGEST_META_POLICY: usize = 2000;
