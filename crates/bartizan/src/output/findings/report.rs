//! What is reported of one site or one tree of files.

use std::collections::BTreeMap;
use std::sync::Arc;

use bartizan_rules::{Finding, Platform};
use serde_json::{Map, Value};

use super::fingerprint::Fingerprint;

/// The texts of files, by path.
pub type Sources = BTreeMap<Arc<str>, Arc<str>>;

/// What is reported of one site or one tree of files.
#[derive(Debug, Default)]
pub struct Report {
    /// What it is about, as the operator named it.
    pub subject: String,
    /// What authorities would say of it as a whole.
    pub grades: Vec<Grade>,
    /// Whether there was nothing to judge, because nobody answered.
    pub is_unreached: bool,
    /// The findings.
    pub found: Vec<Reported>,
    /// What an earlier report found, and this one no more.
    pub mended: Vec<Known>,
    /// What else to say, each in one line: what could not be seen, or a suppression that has ended.
    pub notes: Vec<String>,
    /// The texts of the files that findings are in, by path.
    pub sources: Sources,
    /// What serves the site, where that is known: fixes are shown for it.
    pub platform: Option<Platform>,
    /// Further members of the JSON form, such as `systemd` or `tls`.
    pub details: Map<String, Value>,
}

impl Report {
    /// Returns a report of some findings.
    pub fn new(subject: impl Into<String>, findings: impl IntoIterator<Item = Finding>) -> Self {
        let mut report = Self { subject: subject.into(), ..Self::default() };
        findings.into_iter().for_each(|finding| report.push(finding, Standing::Open));
        report
    }

    /// Adds a finding.
    pub fn push(&mut self, finding: Finding, standing: Standing) {
        self.found.push(Reported { finding, fingerprint: Fingerprint::default(), standing });
    }

    /// Returns the findings that nobody has dealt with, the most severe first.
    pub fn open(&self) -> Vec<&Reported> {
        self.standing(|standing| matches!(standing, Standing::Open))
    }

    /// Returns the findings that an earlier report had, the most severe first.
    pub fn known(&self) -> Vec<&Reported> {
        self.standing(|standing| matches!(standing, Standing::Known))
    }

    /// Returns the findings that somebody set aside, with the reason.
    pub fn suppressed(&self) -> impl Iterator<Item = (&Reported, &Suppression)> {
        self.found.iter().filter_map(|reported| match &reported.standing {
            Standing::Suppressed(suppression) => Some((reported, suppression)),
            Standing::Known | Standing::Open => None,
        })
    }

    fn standing(&self, is_wanted: impl Fn(&Standing) -> bool) -> Vec<&Reported> {
        let mut found: Vec<_> = self.found.iter().filter(|reported| is_wanted(&reported.standing)).collect();
        found.sort_by_key(|reported| std::cmp::Reverse(reported.finding.severity));
        found
    }
}

/// A finding and what is to be done with it.
#[derive(Debug, Clone)]
pub struct Reported {
    /// The finding.
    pub finding: Finding,
    /// What stays the same while lines move; nothing until the report is settled.
    pub fingerprint: Fingerprint,
    /// What is to be done with it.
    pub standing: Standing,
}

/// What is to be done with a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It was there before.
    Known,
    /// It waits to be mended.
    Open,
    /// Somebody set it aside.
    Suppressed(Suppression),
}

/// Why a finding was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppression {
    /// Where it was said.
    pub within: Within,
    /// Why.
    pub reason: String,
}

/// Where a finding was set aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Within {
    /// In a comment beside it.
    Comment,
    /// In a file of suppressions.
    File,
}

/// A finding of an earlier report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Known {
    /// The rule's id.
    pub id: String,
    /// Where it was.
    pub place: String,
    /// What stays the same while lines move.
    pub fingerprint: String,
}

/// What an authority would say of a site as a whole.
#[derive(Debug, Clone, Default)]
pub struct Grade {
    /// Who would say it, and by which measure.
    pub authority: String,
    /// The letter.
    pub letter: String,
    /// What stands beside the letter, such as `80 of 100`.
    pub detail: String,
    /// What it is made of, as the authority names it.
    pub items: Vec<Item>,
    /// What keeps the letter from being better, worst first.
    pub caps: Vec<Cap>,
}

/// What keeps a letter from being better, whatever the points.
#[derive(Debug, Clone, Default)]
pub struct Cap {
    /// The best letter that it leaves.
    pub letter: String,
    /// What was seen.
    pub why: String,
}

/// One part of a grade.
#[derive(Debug, Clone, Default)]
pub struct Item {
    /// What was tested.
    pub name: String,
    /// What came of it.
    pub result: String,
    /// What it gives or costs.
    pub points: i32,
}
