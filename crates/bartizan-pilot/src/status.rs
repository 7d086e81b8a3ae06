//! What a person or a program is told of a site.

use serde::Serialize;

use crate::decide::{Decision, decide, reported};
use crate::ramps::{Around, Judgement};
use crate::sent::Combination;
use crate::settings::{Mode, Settings, Unknown};
use crate::stage::Stage;
use crate::state::{Entry, State};

/// What is told of a site.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// The site's name.
    pub site: String,
    /// How far it goes by itself: `learn` or `auto`.
    pub mode: &'static str,
    /// What becomes of what is not known.
    pub unknown: &'static str,
    /// How far it has come.
    pub stage: String,
    /// For how many of a hundred clients the candidate is enforced.
    pub enforced_percent: u8,
    /// Whether it is held.
    pub held: bool,
    /// The number of the step.
    pub step: u64,
    /// When the step began, in seconds since 1970.
    pub since: u64,
    /// Pages served in this step.
    pub pages: u64,
    /// To so many different clients.
    pub clients: u64,
    /// What is waited for, or what is done next.
    pub next: String,
    /// The candidate, with a nonce that stands for any.
    pub policy: String,
    /// How many things are known.
    pub known: usize,
    /// What was seen in pages and is not known.
    pub unknown_items: Vec<UnknownItem>,
    /// Things that found no room.
    pub shed: u64,
    /// What enough clients reported in this step.
    pub reported: Vec<Reported>,
    /// What reports ask for and nothing confirms: to be allowed by the operator, or not.
    pub doubted: Vec<String>,
    /// Stored reports that the candidate would still block.
    pub remains: Vec<Remain>,
    /// What the candidate could not be made to allow.
    pub obstacles: Vec<String>,
    /// Pages of which a part passed untouched.
    pub partial: u64,
    /// Policies that pages bring in `meta` elements; browsers enforce them beside all others.
    pub meta_policies: Vec<String>,
    /// The policies that pages leave with in this step, the app's own and ours together; nonces are left out.
    pub sent: Vec<Combination>,
    /// Reports of clients that were served no page in this step; they count for nothing.
    pub strangers: u64,
    /// Files of the site's own that pages name with their digest.
    pub named_files: usize,
    /// Files that changed although they say that they never do; they are not named, and from three on none is.
    pub changed_files: u32,
    /// Headers and modes that are raised in steps.
    pub ramps: Vec<RampStatus>,
    /// What happened, the latest first.
    pub log: Vec<Logged>,
}

/// A thing that is not known.
#[derive(Debug, Clone, Serialize)]
pub struct UnknownItem {
    /// What it is.
    pub item: String,
    /// A page on which it stands.
    pub page: String,
    /// How often it was served.
    pub times: u64,
}

/// Something that clients reported.
#[derive(Debug, Clone, Serialize)]
pub struct Reported {
    /// The directive.
    pub directive: String,
    /// The origin, or a word.
    pub target: String,
    /// How many different clients.
    pub clients: usize,
    /// How many reports.
    pub times: u64,
    /// A page.
    pub page: String,
}

/// A group of stored reports that is still blocked.
#[derive(Debug, Clone, Serialize)]
pub struct Remain {
    /// Directive and target.
    pub what: String,
    /// How many reports.
    pub count: u64,
}

/// How far a ramp has come.
#[derive(Debug, Clone, Serialize)]
pub struct RampStatus {
    /// Its name.
    pub name: &'static str,
    /// Where it stands.
    pub rung: &'static str,
    /// Since when, in seconds since 1970.
    pub since: u64,
    /// Whether it is held.
    pub held: bool,
    /// What pages and reports taught it.
    pub learnt: Vec<String>,
    /// What is waited for, or what is done next.
    pub next: String,
}

/// A step.
#[derive(Debug, Clone, Serialize)]
pub struct Logged {
    /// When, in seconds since 1970.
    pub at: u64,
    /// What was moved: the policy, or a ramp by its name.
    pub about: String,
    /// From where.
    pub from: String,
    /// To where.
    pub to: String,
    /// `autopilot` or `operator`.
    pub by: &'static str,
    /// Whether it undoes something.
    pub is_step_back: bool,
    /// Why.
    pub reason: String,
}

impl Status {
    pub(crate) fn of(site: &str, state: &State, settings: &Settings, now: u64) -> Self {
        let next = match decide(state, settings, now) {
            _ if state.is_held => "held by the operator".to_owned(),
            Decision::Wait(reason) => reason,
            Decision::Advance(_) => format!("goes on to: {}", state.stage.next().name()),
            Decision::StepBack(reason) => format!("steps back: {reason}"),
        };
        let mut unknown: Vec<_> = state.inventory.unknown().collect();
        unknown.sort_by_key(|(_, _, times)| std::cmp::Reverse(*times));
        Self {
            site: site.to_owned(),
            mode: match settings.mode {
                Mode::Learn => "learn",
                Mode::Auto => "auto",
            },
            unknown: match settings.unknown {
                Unknown::Report => "report",
                Unknown::StepBack => "step-back",
                Unknown::Withhold => "withhold",
            },
            stage: state.stage.name(),
            enforced_percent: match state.stage {
                Stage::Learning | Stage::Trial => 0,
                Stage::Share(share) => share,
                Stage::Enforced => 100,
            },
            held: state.is_held,
            step: state.step,
            since: state.since,
            pages: state.pages,
            clients: state.clients.count(),
            next,
            policy: state.candidate.policy().to_string(),
            known: state.inventory.known().count(),
            unknown_items: unknown
                .into_iter()
                .take(MOST_SHOWN)
                .map(|(item, page, times)| UnknownItem { item: describe(item), page: page.to_owned(), times })
                .collect(),
            shed: state.inventory.shed(),
            reported: reported(state, settings)
                .take(MOST_SHOWN)
                .map(|(what, target, seen)| Reported {
                    directive: what.to_owned(),
                    target: target.to_owned(),
                    clients: seen.clients.len(),
                    times: seen.times,
                    page: seen.page.clone(),
                })
                .collect(),
            doubted: state.doubted.iter().cloned().collect(),
            remains: state.remains.iter().map(|(what, count)| Remain { what: what.clone(), count: *count }).collect(),
            obstacles: state.candidate.obstacles.clone(),
            partial: state.partial,
            meta_policies: state.meta_policies.iter().cloned().collect(),
            sent: state.sent.iter().cloned().collect(),
            strangers: state.evidence.strangers,
            named_files: state.inventory.files.count().0,
            changed_files: state.inventory.files.count().1,
            ramps: ramps(site, state, settings, now),
            log: state.log.iter().rev().map(logged).collect(),
        }
    }
}

fn ramps(site: &str, state: &State, settings: &Settings, now: u64) -> Vec<RampStatus> {
    let around = Around { site, subdomains: &state.subdomains, inventory: &state.inventory };
    let told = state.ramps.iter().map(|(name, ramp)| RampStatus {
        name: name.as_str(),
        rung: ramp.place(*name).map_or("", |(rung, _)| rung),
        since: ramp.since,
        held: ramp.is_held,
        learnt: ramp.learnt.iter().cloned().collect(),
        next: match ramp.judge(*name, settings, around, now) {
            _ if ramp.is_held => "held by the operator".to_owned(),
            Judgement::Fine => "goes on".to_owned(),
            Judgement::Wait(reason) => reason,
            Judgement::Back(reason) => format!("steps back: {reason}"),
        },
    });
    told.collect()
}

fn logged(entry: &Entry) -> Logged {
    Logged {
        at: entry.at,
        about: entry.about.clone(),
        from: entry.from.clone(),
        to: entry.to.clone(),
        by: match entry.by {
            crate::state::By::Autopilot => "autopilot",
            crate::state::By::Operator => "operator",
        },
        is_step_back: entry.is_step_back,
        reason: entry.reason.clone(),
    }
}

pub(crate) fn describe(item: &bartizan_rewrite::Item) -> String {
    use bartizan_rewrite::Item;
    match item {
        Item::Delegates(feature, origin) => format!("{feature} for frames of {origin}"),
        Item::Handler(digest) => format!("event handler {}", digest.source()),
        Item::InsertedScript(digest) => format!("script in a piece of a page {}", digest.source()),
        Item::Loads(load, origin) => format!("{load:?} from {origin}").to_lowercase(),
        Item::Names(origin) => format!("the name of {origin}"),
        Item::Script { text, .. } => format!("inline script {}", text.source()),
        Item::ScriptAt(address) => format!("script at {address}"),
        Item::ScriptUrl(digest) => format!("javascript: address {}", digest.source()),
        Item::Style(digest) => format!("inline style {}", digest.source()),
        Item::StyleAt(address) => format!("style sheet at {address}"),
        Item::StyleAttribute(digest) => format!("style attribute {}", digest.source()),
    }
}

/// As many as anybody reads.
const MOST_SHOWN: usize = 100;
