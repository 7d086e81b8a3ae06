//! What goes into a store and what comes out of it.

use std::sync::Arc;

use crate::sketch::Sketch;
use crate::subject::{Fingerprint, Subject};

/// What is taken whole or not at all.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// When it was made, in milliseconds since 1970; its hour is where its reports are counted in time.
    pub at: i64,
    /// What came in, by group.
    pub groups: Vec<GroupDelta>,
    /// Examples.
    pub samples: Vec<Sample>,
    /// Who reported, by site.
    pub sites: Vec<SiteDelta>,
}

impl Batch {
    /// Returns how many reports it counts.
    pub fn reports(&self) -> u64 {
        self.groups.iter().map(|group| group.count).sum()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.samples.is_empty()
    }
}

/// What came in for one group.
#[derive(Debug, Clone)]
pub struct GroupDelta {
    /// The group.
    pub id: Fingerprint,
    /// The site.
    pub site: Arc<str>,
    /// The version of its policy.
    pub policy: Arc<str>,
    /// What the group is about.
    pub subject: Arc<Subject<'static>>,
    /// How many reports.
    pub count: u64,
    /// The first of them.
    pub first_seen: i64,
    /// The last of them.
    pub last_seen: i64,
    /// Who sent them, and those before.
    pub clients: Sketch,
    /// On which pages; what is left of the count has no page of its own.
    pub pages: Vec<(Arc<str>, u64)>,
}

/// Who reported for a site.
#[derive(Debug, Clone)]
pub struct SiteDelta {
    /// The site.
    pub site: Arc<str>,
    /// Who.
    pub clients: Sketch,
}

/// One report as it came, redacted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Its group.
    pub group: Fingerprint,
    /// When it came.
    pub received: i64,
    /// How long before it had happened, in milliseconds.
    pub age: Option<u64>,
    /// The page.
    pub url: String,
    /// The browser.
    pub user_agent: String,
    /// The body as JSON.
    pub body: String,
}

/// A sample with its place in the order of all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSample {
    /// Later ones are larger.
    pub number: i64,
    /// The report.
    pub sample: Sample,
}

/// All reports that are about the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The group.
    pub id: Fingerprint,
    /// The site.
    pub site: String,
    /// The version of its policy.
    pub policy: String,
    /// What it is about.
    pub subject: Subject<'static>,
    /// How many reports.
    pub count: u64,
    /// When the first came.
    pub first_seen: i64,
    /// When the last came.
    pub last_seen: i64,
    /// Who sent them.
    pub clients: Sketch,
}

impl Group {
    /// Whether so few of a site's visitors report it that one visitor's device is the likely cause.
    ///
    /// A fault of the site shows to most who meet it; a site with few visitors cannot tell.
    pub fn is_rare(&self, site: &SiteSummary) -> bool {
        self.clients.estimate() <= FEW && site.clients.estimate() >= MANY
    }
}

/// A page of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageCount {
    /// The page.
    pub page: String,
    /// How many reports.
    pub count: u64,
}

/// How many reports came in an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// When the hour began, in milliseconds since 1970.
    pub hour: i64,
    /// How many.
    pub count: u64,
}

/// A site and all that was reported for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteSummary {
    /// The site.
    pub site: String,
    /// How many reports.
    pub reports: u64,
    /// How many of them are noise.
    pub noise: u64,
    /// How many groups.
    pub groups: u64,
    /// When the last came.
    pub last_seen: i64,
    /// Who sent them.
    pub clients: Sketch,
}

/// How much there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Reports.
    pub reports: u64,
    /// Groups.
    pub groups: u64,
}

/// One visitor, and one more that an estimate may see.
const FEW: u64 = 2;

/// With fewer visitors than this, two of them are not few.
const MANY: u64 = 40;
