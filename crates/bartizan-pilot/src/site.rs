//! One site: the steps that its policy and its ramps take.

use std::collections::BTreeMap;
use std::sync::Arc;

use bartizan_headers::csp::PolicyList;
use bartizan_reports::advise::{self, Observed, Verdict};
use bartizan_reports::store::{Filter, SiteSummary, Store as Reports, StoreError as ReportsError};

use crate::autopilot::{Command, CommandError, Traffic};
use crate::candidate::Candidate;
use crate::client::ClientKey;
use crate::decide::{Decision, decide};
use crate::grants;
use crate::news::Told;
use crate::ramps::{Around, Judgement, RampState};
use crate::settings::Settings;
use crate::stage::Stage;
use crate::state::{By, Entry, State, limits};
use crate::view::View;

/// What is known of a site, and what is not kept yet.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) settings: Settings,
    pub(crate) state: State,
    pub(crate) view: Arc<View>,
    /// Steps that are not in the store.
    pub(crate) unsaved: Vec<Entry>,
    pub(crate) is_changed: bool,
    pub(crate) saved: u64,
    /// When the candidate was last made anew.
    pub(crate) made: u64,
    /// What the firewall had counted when it was last asked.
    pub(crate) traffic: Traffic,
    pub(crate) told: Told,
    /// When the ramps were last judged.
    pub(crate) climbed: u64,
    /// Whether pages may name files that the view does not know.
    pub(crate) has_new_files: bool,
}

impl Site {
    pub(crate) fn new(settings: Settings, mut state: State, key: ClientKey, now: u64) -> Self {
        state.inventory.set_limits(limits(&settings));
        let view = Arc::new(view(&state, &settings, key));
        let mut site = Self {
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
        site.set_ramps(now);
        site
    }

    pub(crate) fn tick(&mut self, name: &str, now: u64, reports: &mut dyn Reports) -> Result<Vec<Entry>, ReportsError> {
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
    pub(crate) fn set_ramps(&mut self, now: u64) {
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

    pub(crate) fn command(
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

    pub(crate) fn renew(&mut self, key: ClientKey) {
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

const MOST_GRANTS: usize = 200;

const MOST_REMAINS: usize = 50;
