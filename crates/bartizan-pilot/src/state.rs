//! What is known of a site and how far it has come: all that must survive a restart.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use bartizan_rewrite::{Inventory, Limits};
use serde::{Deserialize, Serialize};

use crate::candidate::Candidate;
use crate::client::Clients;
use crate::evidence::Evidence;
use crate::ramps::{RampName, RampState, Subdomains};
use crate::sent::Sent;
use crate::settings::Settings;
use crate::stage::Stage;

/// What is known of a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How far it has come.
    pub stage: Stage,
    /// Whether it stays there until the operator says otherwise.
    pub is_held: bool,
    /// The number of the step: reports name it.
    pub step: u64,
    /// When the step began, in seconds since 1970.
    pub since: u64,
    /// When the site was begun to be learnt, this time.
    pub learnt_since: u64,
    /// Pages served in this step.
    pub pages: u64,
    /// To whom.
    pub(crate) clients: Clients,
    pub(crate) inventory: Inventory,
    /// Directives and sources that reports asked for and pages confirmed.
    pub(crate) grants: BTreeSet<String>,
    /// What is tried out or enforced; while a site is learnt, what is reported against.
    pub(crate) candidate: Candidate,
    pub(crate) evidence: Evidence,
    /// What reports asked for and nothing confirms.
    pub(crate) doubted: BTreeSet<String>,
    /// What was reported before the candidate was enforced, and how many told of it.
    pub(crate) before: Vec<((String, String), usize)>,
    /// Stored reports that the candidate would still block, by directive and target.
    pub(crate) remains: Vec<(String, u64)>,
    /// Pages of which a part passed untouched, because it could not be read for certain.
    #[serde(default)]
    pub(crate) partial: u64,
    /// Policies that pages bring in `meta` elements.
    #[serde(default)]
    pub(crate) meta_policies: BTreeSet<String>,
    /// Whether one of them names a nonce, and ours could not be named beside it.
    #[serde(default)]
    pub(crate) has_unmet_policy: bool,
    /// With which policies pages leave in this step.
    #[serde(default)]
    pub(crate) sent: Sent,
    /// Headers and modes that are raised in steps.
    #[serde(default)]
    pub(crate) ramps: BTreeMap<RampName, RampState>,
    #[serde(default)]
    pub(crate) subdomains: Subdomains,
    /// What happened, the latest last.
    pub(crate) log: VecDeque<Entry>,
}

/// Who made a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The autopilot itself.
    Autopilot,
    /// The operator.
    Operator,
}

/// A step, and why it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When, in seconds since 1970.
    pub at: u64,
    /// What was moved: the policy, or a ramp by its name.
    pub about: String,
    /// From where.
    pub from: String,
    /// To where.
    pub to: String,
    /// Whether it undoes something, so that somebody should look.
    pub is_step_back: bool,
    /// Who.
    pub by: By,
    /// Why.
    pub reason: String,
}

impl State {
    /// Begins to learn a site.
    pub fn new(settings: &Settings, now: u64) -> Self {
        let inventory = Inventory::new(limits(settings));
        Self {
            stage: Stage::Learning,
            is_held: false,
            step: 1,
            since: now,
            learnt_since: now,
            pages: 0,
            clients: Clients::default(),
            candidate: Candidate::of(&inventory, &BTreeSet::new()),
            inventory,
            grants: BTreeSet::new(),
            evidence: Evidence::default(),
            doubted: BTreeSet::new(),
            before: Vec::new(),
            remains: Vec::new(),
            partial: 0,
            meta_policies: BTreeSet::new(),
            has_unmet_policy: false,
            sent: Sent::default(),
            ramps: BTreeMap::new(),
            subdomains: Subdomains::default(),
            log: VecDeque::new(),
        }
    }

    /// Begins a step; what was counted in the one before is over.
    pub(crate) fn go(&mut self, to: Stage, by: By, reason: String, now: u64) -> Entry {
        let entry = Entry {
            at: now,
            about: POLICY.to_owned(),
            from: self.stage.name(),
            to: to.name(),
            is_step_back: to < self.stage,
            by,
            reason,
        };
        if !to.is_enforcing() {
            self.before.clear();
        } else if self.stage == Stage::Trial {
            self.before = self.evidence.subjects().into_iter().collect();
        }
        if to == Stage::Learning {
            self.learnt_since = now;
            // Whoever learns a site anew may have mended what changed files that never should.
            self.inventory.files.clear();
        }
        self.stage = to;
        self.step = self.step.saturating_add(1);
        self.since = now;
        self.pages = 0;
        self.clients = Clients::default();
        self.evidence = Evidence::default();
        self.sent = Sent::default();
        self.note(entry)
    }

    /// Moves a ramp, if there is a rung to move to.
    pub(crate) fn climb(&mut self, name: RampName, is_back: bool, by: By, reason: String, now: u64) -> Option<Entry> {
        let step = self.ramps.get_mut(&name)?.go(name, is_back, reason, now)?;
        Some(self.note(Entry {
            at: now,
            about: name.as_str().to_owned(),
            from: step.from.to_owned(),
            to: step.to.to_owned(),
            is_step_back: step.is_back,
            by,
            reason: step.reason,
        }))
    }

    /// Begins a ramp's rung anew with what was learnt.
    pub(crate) fn learnt(&mut self, name: RampName, new: &BTreeSet<String>, now: u64) -> Option<Entry> {
        let ramp = self.ramps.get_mut(&name)?;
        ramp.again(now);
        let (rung, _) = ramp.place(name)?;
        let new: Vec<_> = new.iter().map(String::as_str).collect();
        Some(self.note(Entry {
            at: now,
            about: name.as_str().to_owned(),
            from: rung.to_owned(),
            to: rung.to_owned(),
            is_step_back: false,
            by: By::Autopilot,
            reason: format!("in use, and allowed from now on: {}", new.join(", ")),
        }))
    }

    fn note(&mut self, entry: Entry) -> Entry {
        if self.log.len() >= MOST_ENTRIES {
            self.log.pop_front();
        }
        self.log.push_back(entry.clone());
        entry
    }

    /// Takes note of how a name below the site's own was reached.
    pub(crate) fn note_host(&mut self, site: &str, host: &str, is_https: bool) {
        let below = host.strip_suffix(site).and_then(|rest| rest.strip_suffix('.'));
        let seen = if is_https { &mut self.subdomains.https } else { &mut self.subdomains.plain };
        if below.is_some_and(|below| !below.is_empty()) && seen.len() < MOST_NAMES {
            seen.insert(host.chars().take(LONGEST_NAME).collect());
        }
    }

    /// What was reported already in the trial by as many is nothing new.
    pub(crate) fn was_there(&self) -> BTreeMap<(&str, &str), usize> {
        self.before.iter().map(|((what, target), clients)| ((what.as_str(), target.as_str()), *clients)).collect()
    }
}

pub(crate) const fn limits(settings: &Settings) -> Limits {
    Limits { items: MOST_ITEMS, clients: settings.witnesses }
}

/// An app of hundreds of pages has some thousands; at 200 bytes each this is 2 MB.
const MOST_ITEMS: usize = 10_000;

/// One name is reason enough; some more are told.
const MOST_NAMES: usize = 20;

/// A host name is no longer (RFC 1035, 2.3.4).
const LONGEST_NAME: usize = 253;

/// What a step is about that is about no ramp.
pub(crate) const POLICY: &str = "policy";

/// A site that works makes seven in a month.
const MOST_ENTRIES: usize = 200;
