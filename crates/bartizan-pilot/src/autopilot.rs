//! All sites together: what happened is handed in, with the time, and steps come out.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;

use bartizan_headers::csp::PolicyList;
use bartizan_reports::advise::{self, Observed, Verdict};
use bartizan_reports::store::{Filter, SiteSummary, Store as Reports, StoreError as ReportsError};
use bartizan_rewrite::{Digest, Served as File, Sighting, Summary};

use crate::candidate::Candidate;
use crate::client::ClientKey;
use crate::decide::{Decision, decide};
use crate::evidence::Violation;
use crate::grants;
use crate::news::{self, News, Told};
use crate::ramps::{self, Around, Judgement, RampName, RampState, Sends};
use crate::sent::Policies;
use crate::settings::{Integrity, Settings};
use crate::stage::Stage;
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

#[derive(Debug)]
struct Site {
    settings: Settings,
    state: State,
    view: Arc<View>,
    /// Steps that are not in the store.
    unsaved: Vec<Entry>,
    is_changed: bool,
    saved: u64,
    /// When the candidate was last made anew.
    made: u64,
    /// What the firewall had counted when it was last asked.
    traffic: Traffic,
    told: Told,
    /// When the ramps were last judged.
    climbed: u64,
    /// Whether pages may name files that the view does not know.
    has_new_files: bool,
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
        let mut state = kept().unwrap_or_else(|| State::new(&settings, now));
        state.inventory.set_limits(limits(&settings));
        let view = Arc::new(view(&state, &settings, self.key));
        let site = Site {
            settings,
            state,
            view,
            unsaved: Vec::new(),
            is_changed: true,
            saved: now,
            made: 0,
            traffic: Traffic::default(),
            told: Told::default(),
            climbed: 0,
            has_new_files: false,
        };
        let mut site = site;
        site.set_ramps(now);
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

impl Site {
    fn tick(&mut self, name: &str, now: u64, reports: &mut dyn Reports) -> Result<Vec<Entry>, ReportsError> {
        // A look at everything that is known costs more than a tick may.
        let is_due = now.saturating_sub(self.climbed) >= (self.settings.trial / 50).clamp(1, 60);
        let mut steps = if is_due { self.climb(name, now) } else { Vec::new() };
        self.unsaved.extend(steps.iter().cloned());
        if self.state.is_held {
            return Ok(steps);
        }
        let climbed = steps.len();
        if self.state.stage == Stage::Trial && now.saturating_sub(self.made) >= self.pace() {
            steps.extend(self.grow(name, now, reports)?);
        }
        match decide(&self.state, &self.settings, now) {
            Decision::Wait(_) => {}
            Decision::Advance(reason) => steps.extend(self.advance(name, By::Autopilot, reason, now, reports)?),
            Decision::StepBack(reason) => steps.push(self.state.go(Stage::Learning, By::Autopilot, reason, now)),
        }
        self.unsaved.extend(steps.iter().skip(climbed).cloned());
        Ok(steps)
    }

    /// Moves the ramps that are due.
    fn climb(&mut self, site: &str, now: u64) -> Vec<Entry> {
        self.climbed = now;
        let mut steps = self.teach_ramps(site, now);
        let state = &mut self.state;
        let around = Around { site, subdomains: &state.subdomains, inventory: &state.inventory };
        let judged: Vec<_> = state
            .ramps
            .iter()
            .filter(|(_, ramp)| !ramp.is_held)
            .map(|(name, ramp)| (*name, ramp.judge(*name, &self.settings, around, now)))
            .collect();
        let move_one = |(name, judgement)| match judgement {
            Judgement::Fine => state.climb(name, false, By::Autopilot, "nothing spoke against it".to_owned(), now),
            Judgement::Back(reason) => state.climb(name, true, By::Autopilot, reason, now),
            Judgement::Wait(_) => None,
        };
        steps.extend(judged.into_iter().filter_map(move_one));
        steps
    }

    /// Has ramps take over what pages and reports teach; what is sent is another then, and tried out anew.
    fn teach_ramps(&mut self, site: &str, now: u64) -> Vec<Entry> {
        let state = &mut self.state;
        let around = Around { site, subdomains: &state.subdomains, inventory: &state.inventory };
        let learnt: Vec<_> = state
            .ramps
            .iter_mut()
            .filter(|(_, ramp)| !ramp.is_held)
            .map(|(name, ramp)| (*name, ramp.learn(*name, &self.settings, around)))
            .filter(|(_, new)| !new.is_empty())
            .collect();
        learnt.into_iter().filter_map(|(name, new)| state.learnt(name, &new, now)).collect()
    }

    /// Begins the ramps that are new, and forgets those that are not wanted any more.
    fn set_ramps(&mut self, now: u64) {
        let wanted = &self.settings.ramps;
        self.state.ramps.retain(|name, _| wanted.contains(name));
        for name in wanted {
            self.state.ramps.entry(*name).or_insert_with(|| RampState::new(now));
        }
    }

    /// How often a candidate under trial is made anew.
    fn pace(&self) -> u64 {
        (self.settings.trial / 50).clamp(1, 600)
    }

    /// Makes the candidate anew; a better one begins the trial again.
    fn grow(&mut self, name: &str, now: u64, reports: &mut dyn Reports) -> Result<Option<Entry>, ReportsError> {
        let old = self.state.candidate.clone();
        let known = self.state.inventory.settle();
        self.make_candidate(name, now, reports)?;
        let more = self.state.candidate.beyond(&old);
        if more.is_empty() && known == 0 {
            return Ok(None);
        }
        let what = if more.is_empty() { format!("{known} more things are known") } else { more.join(", ") };
        Ok(Some(self.state.go(Stage::Trial, By::Autopilot, format!("the candidate grew: {what}"), now)))
    }

    fn advance(
        &mut self,
        name: &str,
        by: By,
        reason: String,
        now: u64,
        reports: &mut dyn Reports,
    ) -> Result<Option<Entry>, ReportsError> {
        if self.state.stage == Stage::Learning {
            self.state.inventory.settle();
            self.make_candidate(name, now, reports)?;
        }
        let next = self.state.stage.next();
        Ok((next != self.state.stage).then(|| self.state.go(next, by, reason, now)))
    }

    fn command(
        &mut self,
        name: &str,
        command: Command,
        now: u64,
        reports: &mut dyn Reports,
    ) -> Result<Option<Entry>, CommandError> {
        let stage = self.state.stage;
        let step = match command {
            Command::Hold => {
                self.state.is_held = true;
                None
            }
            Command::Release => {
                self.state.is_held = false;
                None
            }
            Command::Advance => {
                let missing = match decide(&self.state, &self.settings, now) {
                    Decision::Wait(reason) | Decision::StepBack(reason) => format!("asked for, although: {reason}"),
                    Decision::Advance(reason) => reason,
                };
                let step = self.advance(name, By::Operator, missing, now, reports);
                // Without stored reports the inventory still makes a candidate, and it is only tried out.
                let step =
                    step.unwrap_or_else(|_| Some(self.state.go(stage.next(), By::Operator, UNREAD.to_owned(), now)));
                Some(step.ok_or(CommandError::AtTheEnd)?)
            }
            Command::Revert if stage == Stage::Learning => return Err(CommandError::AtTheStart),
            Command::Revert => {
                self.state.is_held = true;
                Some(self.state.go(
                    stage.before(),
                    By::Operator,
                    "asked for; held until it is released".to_owned(),
                    now,
                ))
            }
            Command::Relearn => {
                self.state.is_held = false;
                Some(self.state.go(Stage::Learning, By::Operator, "asked for".to_owned(), now))
            }
        };
        self.unsaved.extend(step.iter().cloned());
        Ok(step)
    }

    /// Makes the candidate of what is known and what reports ask for, and replays stored reports over it.
    fn make_candidate(&mut self, name: &str, now: u64, reports: &mut dyn Reports) -> Result<(), ReportsError> {
        self.made = now;
        let state = &mut self.state;
        let since = i64::try_from(state.learnt_since.saturating_mul(1000)).unwrap_or(i64::MAX);
        let filter = Filter { site: Some(name.to_owned()), since: Some(since), ..Filter::default() };
        let observed = advise::observe(reports, &filter)?;
        let summary = reports.sites()?.into_iter().find(|summary| summary.site == name);
        let base = Candidate::of(&state.inventory, &state.grants).policy();
        let asked =
            grants::judge(&observed, summary.as_ref(), &base, &state.evidence, &state.inventory, &self.settings);
        let mut granted: Vec<_> = asked.granted;
        // While a site is learnt, hashes and nonces are not yet in the policy that is reported on.
        if state.stage == Stage::Trial {
            granted.extend(grants::words(&state.evidence, state.clients.count(), &state.inventory, &self.settings));
        }
        granted.extend(self.settings.allow.iter().cloned());
        for grant in granted {
            if state.grants.len() < MOST_GRANTS {
                state.grants.insert(grant.to_string());
            }
        }
        state.doubted = asked.doubted.iter().map(ToString::to_string).take(MOST_GRANTS).collect();
        let mut candidate = Candidate::of(&state.inventory, &state.grants);
        if state.has_unmet_policy {
            candidate.obstacles.push(META_NONCE.to_owned());
        }
        state.remains = remains(&observed, summary.as_ref(), &candidate);
        state.candidate = candidate;
        Ok(())
    }

    fn renew(&mut self, key: ClientKey) {
        self.view = Arc::new(view(&self.state, &self.settings, key));
    }
}

/// Returns what of stored reports a candidate would still block.
fn remains(observed: &[Observed], summary: Option<&SiteSummary>, candidate: &Candidate) -> Vec<(String, u64)> {
    let list = PolicyList::from(candidate.policy());
    let is_meant = |seen: &&Observed| {
        seen.group.subject.noise.is_none()
            && seen.is_violation()
            && !summary.is_some_and(|summary| seen.group.is_rare(summary))
            && advise::judge(&list, seen) == Verdict::Blocked
    };
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for seen in observed.iter().filter(is_meant) {
        let subject = &seen.group.subject;
        *sums.entry(format!("{} {}", subject.what, subject.target)).or_default() += seen.group.count;
    }
    let mut remains: Vec<_> = sums.into_iter().collect();
    remains.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    remains.truncate(MOST_REMAINS);
    remains
}

fn view(state: &State, settings: &Settings, key: ClientKey) -> View {
    View {
        key,
        stage: state.stage,
        unknown: settings.unknown,
        candidate: Arc::new(state.candidate.clone()),
        inventory: Arc::new(state.inventory.clone()),
        integrity: settings.integrity,
        report: format!("{REPORTS}{}", state.step),
    }
}

/// Where reports about a step go: its number follows.
const REPORTS: &str = "/.bartizan/reports/pilot-";

const UNREAD: &str = "asked for, although stored reports could not be read";

const META_NONCE: &str = "pages bring a policy with a nonce in a `meta` element that cannot be written anew for certain; an element can carry \
     only one nonce, so both cannot be met";

/// Between two writes of what was learnt: a crash loses as much.
const SAVE_EVERY: u64 = 30;

const MOST_GRANTS: usize = 200;

const MOST_REMAINS: usize = 50;

const MOST_META_POLICIES: usize = 8;

const LONGEST_META_POLICY: usize = 2000;
