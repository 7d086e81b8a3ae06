//! What was received, shed and stored, in numbers for Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::formats::KINDS;
use crate::noise::Class;
use crate::report::KindName;

/// Every counter; each only grows.
#[derive(Debug)]
pub struct Counters {
    bodies: [AtomicU64; BODIES.len()],
    kinds: Vec<AtomicU64>,
    noise: Vec<AtomicU64>,
    failures: [AtomicU64; FAILURES.len()],
    shed: [AtomicU64; SHED.len()],
    pub(crate) in_rest: AtomicU64,
    pub(crate) received: AtomicU64,
    pub(crate) retired: AtomicU64,
    pub(crate) stored: AtomicU64,
    pub(crate) unusable: AtomicU64,
}

/// What became of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyResult {
    /// Over the site's quota; not looked at.
    Quota,
    /// Left out by sampling; not looked at.
    Sampled,
    /// Too large.
    Size,
    /// No report.
    Syntax,
    /// Counted.
    Taken,
    /// No media type of reports.
    Type,
    /// For a site that is not collected for.
    UnknownSite,
}

const BODIES: [&str; 7] = ["quota", "sampled", "size", "syntax", "taken", "type", "unknown-site"];

/// Why a report that was read is not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shed {
    /// Over the site's quota.
    Quota,
    /// There are too many sites.
    Sites,
    /// Too much waits for the store.
    Waiting,
}

const SHED: [&str; 3] = ["quota", "sites", "waiting"];

const FAILURES: [&str; 5] = ["away", "corrupt", "full", "other", "too-new"];

/// What one body adds, so that shared counters are touched once a body.
#[derive(Debug)]
pub(crate) struct Tally {
    pub(crate) received: u64,
    pub(crate) in_rest: u64,
    shed: [u64; SHED.len()],
    kinds: Vec<u64>,
    noise: Vec<u64>,
}

impl Tally {
    pub(crate) fn new() -> Self {
        Self {
            received: 0,
            in_rest: 0,
            shed: [0; SHED.len()],
            kinds: vec![0; KINDS.len() + 1],
            noise: vec![0; Class::ALL.len()],
        }
    }

    /// Counts a report of the kind at this place.
    pub(crate) fn count(&mut self, kind: usize, noise: Option<Class>) {
        self.received += 1;
        if let Some(count) = self.kinds.get_mut(kind) {
            *count += 1;
        }
        let place = noise.and_then(|noise| Class::ALL.iter().position(|class| *class == noise));
        if let Some(count) = place.and_then(|place| self.noise.get_mut(place)) {
            *count += 1;
        }
    }

    pub(crate) fn shed(&mut self, why: Shed, reports: u64) {
        if let Some(count) = self.shed.get_mut(why as usize) {
            *count += reports;
        }
    }
}

impl Counters {
    pub(crate) fn new() -> Self {
        let zeros = |count: usize| (0..count).map(|_| AtomicU64::new(0)).collect();
        Self {
            bodies: Default::default(),
            kinds: zeros(KINDS.len() + 1),
            noise: zeros(Class::ALL.len()),
            failures: Default::default(),
            shed: Default::default(),
            in_rest: AtomicU64::new(0),
            received: AtomicU64::new(0),
            retired: AtomicU64::new(0),
            stored: AtomicU64::new(0),
            unusable: AtomicU64::new(0),
        }
    }

    pub(crate) fn body(&self, result: BodyResult) {
        add(self.bodies.get(result as usize), 1);
    }

    pub(crate) fn add(&self, tally: &Tally) {
        add(Some(&self.received), tally.received);
        add(Some(&self.in_rest), tally.in_rest);
        let pairs = [(&self.shed[..], &tally.shed[..]), (&self.kinds, &tally.kinds), (&self.noise, &tally.noise)];
        for (counters, counts) in pairs {
            for (counter, count) in counters.iter().zip(counts) {
                add(Some(counter), *count);
            }
        }
    }

    pub(crate) fn failed(&self, reason: &str) {
        let place = FAILURES.iter().position(|known| *known == reason);
        add(place.and_then(|place| self.failures.get(place)), 1);
    }

    /// Returns how many reports a store keeps for good.
    pub fn stored(&self) -> u64 {
        self.stored.load(Ordering::Relaxed)
    }

    /// Returns how many reports were counted.
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::Relaxed)
    }

    /// Writes every counter, and what is so right now, in Prometheus' text form.
    pub(crate) fn render(&self, waiting: u64, groups: usize) -> String {
        let mut out = String::new();
        let kinds: Vec<_> = KINDS.iter().map(|kind| kind.name).chain(["other"]).collect();
        let classes: Vec<_> = Class::ALL.iter().map(|class| class.as_str()).collect();
        family(&mut out, "bodies_total", "Bodies, by what became of them", Some(("result", &BODIES)), &self.bodies);
        family(&mut out, "received_total", "Reports that were counted", None, std::slice::from_ref(&self.received));
        family(&mut out, "stored_total", "Reports that no crash loses", None, std::slice::from_ref(&self.stored));
        family(&mut out, "kinds_total", "Reports that were counted, by kind", Some(("kind", &kinds)), &self.kinds);
        family(
            &mut out,
            "noise_total",
            "Reports that are not the site's doing",
            Some(("class", &classes)),
            &self.noise,
        );
        let shed = "Reports that were read and not counted, by reason";
        family(&mut out, "shed_total", shed, Some(("reason", &SHED)), &self.shed);
        let rest = "Reports counted in the group of those without one";
        family(&mut out, "without_group_total", rest, None, std::slice::from_ref(&self.in_rest));
        let unusable = "Members of a body that are no reports";
        family(&mut out, "unusable_total", unusable, None, std::slice::from_ref(&self.unusable));
        let failures = "Batches that a store did not take, by reason; each is tried again";
        family(&mut out, "store_failures_total", failures, Some(("reason", &FAILURES)), &self.failures);
        let retired = "Groups forgotten for their age";
        family(&mut out, "retired_groups_total", retired, None, std::slice::from_ref(&self.retired));
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            "# HELP bartizan_reports_waiting Reports that wait for the store\n\
             # TYPE bartizan_reports_waiting gauge\nbartizan_reports_waiting {waiting}\n\
             # HELP bartizan_reports_groups Groups of reports in memory\n\
             # TYPE bartizan_reports_groups gauge\nbartizan_reports_groups {groups}\n"
        );
        out
    }
}

fn family(out: &mut String, name: &str, help: &str, label: Option<(&str, &[&str])>, counters: &[AtomicU64]) {
    let name = format!("bartizan_reports_{name}");
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} counter");
    for (at, counter) in counters.iter().enumerate() {
        let count = counter.load(Ordering::Relaxed);
        let _ = match label.and_then(|(label, values)| Some((label, values.get(at)?))) {
            Some((label, value)) => writeln!(out, "{name}{{{label}=\"{value}\"}} {count}"),
            None => writeln!(out, "{name} {count}"),
        };
    }
}

/// Returns the place of a kind among the counters; names that the table does not have share the last.
pub(crate) fn place(kind: &KindName<'_>) -> usize {
    match kind {
        KindName::Known(kind) => KINDS.iter().position(|known| std::ptr::eq(known, *kind)).unwrap_or(KINDS.len()),
        KindName::Other(_) => KINDS.len(),
    }
}

fn add(counter: Option<&AtomicU64>, count: u64) {
    if let Some(counter) = counter.filter(|_| count > 0) {
        counter.fetch_add(count, Ordering::Relaxed);
    }
}
