//! The wall as the dashboard asks it.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use bartizan_dashboard::wall::{
    Autopilot, Certificate, Fired, Match, Outcome, Place, Raised, Refusal, Refused, Requests, Site, Step, WallView,
};
use bartizan_proxy::stages::order::REFUSALS;
use bartizan_proxy::view::View;
use bartizan_proxy::waf::ledger;

use super::grade::{findings, grade};
use super::guest::Guest;
use crate::autopilot::Cockpit;

/// A wall to be shown; empty until it runs.
#[derive(Debug, Default)]
pub(super) struct ShownWall {
    view: OnceLock<View>,
    guest: OnceLock<Guest>,
    autopilot: Option<Arc<Cockpit>>,
    settings: RwLock<InForce>,
}

#[derive(Debug, Default)]
struct InForce {
    text: String,
    /// The sites whose reports are collected.
    collected: Vec<String>,
}

impl ShownWall {
    /// Returns a wall that does not run yet.
    pub(super) fn new(autopilot: Option<Arc<Cockpit>>) -> Self {
        Self { autopilot, ..Self::default() }
    }

    pub(super) fn show(&self, view: View, guest: Guest) {
        // A second wall in one process does not happen.
        let _ = self.view.set(view);
        let _ = self.guest.set(guest);
    }

    pub(super) fn show_settings(&self, text: String, collected: Vec<String>) {
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = InForce { text, collected };
    }

    fn ask<T>(&self, ask: impl FnOnce(&View) -> T) -> Option<T> {
        self.view.get().map(ask)
    }
}

impl WallView for ShownWall {
    fn sites(&self) -> Vec<Site> {
        let settings = self.settings.read().unwrap_or_else(PoisonError::into_inner);
        let sites = self.ask(View::sites).unwrap_or_default().into_iter().map(|site| {
            let (scanned, is_being_scanned) = self.guest.get().map_or((None, false), |guest| guest.seen(&site.name));
            Site {
                is_collected: settings.collected.contains(&site.name),
                grade: grade(&site.name, &site.headers),
                findings: findings(&site.name, &site.headers),
                scanned,
                is_being_scanned,
                name: site.name,
                hosts: site.hosts,
                upstreams: site.upstreams,
            }
        });
        sites.collect()
    }

    fn scan(&self, site: &str) {
        if let Some(guest) = self.guest.get() {
            guest.ask(site);
        }
    }

    fn scans(&self) -> u64 {
        self.guest.get().map_or(0, Guest::scans)
    }

    fn refused(&self) -> Vec<Refused> {
        let refused = self.ask(View::refused).unwrap_or_default().into_iter();
        refused.map(|(site, refusal, count)| Refused { site, refusal, count }).collect()
    }

    fn requests(&self) -> Vec<Requests> {
        let ended = self.ask(View::ended).unwrap_or_default().into_iter();
        ended.map(|(site, by_class)| Requests { site, by_class }).collect()
    }

    fn refusals(&self) -> Vec<Refusal> {
        REFUSALS.iter().map(|kind| Refusal { about: &kind.about, status: kind.status.as_u16() }).collect()
    }

    fn places(&self) -> (Vec<Place>, u64) {
        let Some((sums, shed)) = self.ask(|view| view.firewall().sums()) else { return (Vec::new(), 0) };
        let places = sums.into_iter().map(|(key, sum)| Place {
            site: key.site,
            rule: key.rule,
            message: sum.message,
            path: key.path,
            target: key.target,
            matched: sum.matched,
            refused: sum.refused,
            clients: sum.clients.len(),
            last: sum.last,
        });
        (places.collect(), shed)
    }

    fn matches(&self, most: usize) -> Vec<Match> {
        let events = self.ask(|view| view.firewall().recent(most)).unwrap_or_default();
        events.into_iter().map(found).collect()
    }

    fn found(&self, number: &str) -> Option<Match> {
        self.ask(|view| view.firewall().find(number)).flatten().map(found)
    }

    fn certificates(&self) -> Vec<Certificate> {
        let mut shown: BTreeMap<(i64, Vec<String>, String), Certificate> = BTreeMap::new();
        for each in self.ask(View::certificates).unwrap_or_default() {
            let facts = each.facts;
            // Sites that share a certificate share a line.
            let key = (facts.not_after, facts.names.clone(), facts.issuer.clone());
            let certificate = shown.entry(key).or_insert(Certificate {
                sites: Vec::new(),
                names: facts.names,
                issuer: facts.issuer,
                not_before: facts.not_before,
                not_after: facts.not_after,
                is_local: each.is_local,
            });
            certificate.sites.push(each.site);
        }
        shown.into_values().collect()
    }

    fn autopilot(&self, site: &str) -> Option<Autopilot> {
        let status = self.autopilot.as_ref()?.status(site)?;
        let ramps = status.ramps.into_iter().map(|ramp| Raised {
            name: ramp.name.to_owned(),
            rung: ramp.rung.to_owned(),
            next: ramp.next,
        });
        let steps = status.log.into_iter().map(|step| Step {
            at: i64::try_from(step.at).unwrap_or(i64::MAX),
            about: step.about,
            from: step.from,
            to: step.to,
            is_back: step.is_step_back,
            reason: step.reason,
        });
        Some(Autopilot { stage: status.stage, next: status.next, ramps: ramps.collect(), steps: steps.collect() })
    }

    fn settings(&self) -> String {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).text.clone()
    }
}

fn found(event: ledger::Event) -> Match {
    let fired = event.rules.into_iter().map(|fired| Fired {
        rule: fired.id,
        message: fired.message,
        place: fired.place,
        severity: fired.severity,
        parts: fired.parts,
    });
    Match {
        number: event.id,
        at: i64::try_from(event.at).unwrap_or(i64::MAX),
        site: event.site,
        client: event.client,
        method: event.method,
        path: event.path,
        outcome: match event.outcome {
            ledger::Outcome::Passed => Outcome::Passed,
            ledger::Outcome::Refused => Outcome::Refused,
            ledger::Outcome::WouldRefuse => Outcome::WouldRefuse,
        },
        score: event.score,
        is_exhausted: event.exhausted,
        rules: fired.collect(),
    }
}
