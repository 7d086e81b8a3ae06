//! What a wall knows and the dashboard shows, in the dashboard's words.
//!
//! The dashboard does not know the proxy: whoever starts both hands over something that can be asked.

use std::fmt::Debug;

use bartizan_rules::{Explanation, Severity};

/// A running wall, to be asked.
pub trait WallView: Send + Sync + Debug {
    /// Returns the sites in the order of the configuration.
    fn sites(&self) -> Vec<Site>;

    /// Has a site looked at from outside; what was seen stands among [`sites`](Self::sites) some time later.
    fn scan(&self, site: &str);

    /// Returns how many such looks have come to their end since the start.
    fn scans(&self) -> u64;

    /// Returns how many requests were refused since the start, by site and reason.
    fn refused(&self) -> Vec<Refused>;

    /// Returns how many requests there were since the start, by site.
    fn requests(&self) -> Vec<Requests>;

    /// Returns every reason for which requests are refused, by id.
    fn refusals(&self) -> Vec<Refusal>;

    /// Returns where the firewall's rules matched, those that refuse most first, and how many places found no room.
    fn places(&self) -> (Vec<Place>, u64);

    /// Returns the last requests in which the firewall found something, the newest first.
    fn matches(&self, most: usize) -> Vec<Match>;

    /// Returns one of them by its number, if it is still kept.
    fn found(&self, number: &str) -> Option<Match>;

    /// Returns the certificates that sites show.
    fn certificates(&self) -> Vec<Certificate>;

    /// Returns how far the autopilot of a site has come, if it has one.
    fn autopilot(&self, site: &str) -> Option<Autopilot>;

    /// Returns the settings as they are in force, without secrets.
    fn settings(&self) -> String;
}

/// A site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its name.
    pub name: String,
    /// Its names as they are written; none means any.
    pub hosts: Vec<String>,
    /// Whether its browsers' reports are collected.
    pub is_collected: bool,
    /// Its app's addresses, and whether each is in use.
    pub upstreams: Vec<(String, bool)>,
    /// The grade of an ordinary page, by these settings alone.
    pub grade: Option<Grade>,
    /// What rules find in an ordinary page's headers, by these settings alone.
    pub findings: Vec<Finding>,
    /// What was last seen of it from outside, if somebody asked for that.
    pub scanned: Option<Scanned>,
    /// Whether it is looked at right now.
    pub is_being_scanned: bool,
}

/// What was seen of a site from outside, with its app behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// The grade, where there is one.
    pub grade: Option<Grade>,
    /// What rules find.
    pub findings: Vec<Finding>,
    /// What could not be seen, each in a line.
    pub unseen: Vec<String>,
}

/// A grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grade {
    /// The letter.
    pub letter: String,
    /// The score.
    pub score: i32,
    /// Who grades so.
    pub authority: String,
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// What exactly was seen.
    pub message: String,
}

/// A reason for which requests are refused.
#[derive(Debug, Clone, Copy)]
pub struct Refusal {
    /// What it means.
    pub about: &'static Explanation,
    /// The status of the answer.
    pub status: u16,
}

/// How often something was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The site's name; empty where no site was found.
    pub site: String,
    /// The reason's id.
    pub refusal: &'static str,
    /// How often.
    pub count: u64,
}

/// How many requests ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requests {
    /// The site's name; empty where no site was found.
    pub site: String,
    /// By first digit of the status, from 1 to 5.
    pub by_class: [u64; 5],
}

/// A place where a rule of the firewall matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The site's name.
    pub site: String,
    /// The rule's number.
    pub rule: u64,
    /// What the rule means.
    pub message: String,
    /// The path without its query.
    pub path: String,
    /// The part's name in rules, such as `ARGS:comment`.
    pub target: String,
    /// How often it matched.
    pub matched: u64,
    /// How often the request was refused, or would have been.
    pub refused: u64,
    /// Different clients; few are told apart.
    pub clients: usize,
    /// The number of the last such request.
    pub last: String,
}

/// A request in which the firewall found something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// Its number.
    pub number: String,
    /// Seconds since 1970.
    pub at: i64,
    /// The site's name.
    pub site: String,
    /// The client's address.
    pub client: String,
    /// The method.
    pub method: String,
    /// The path without its query.
    pub path: String,
    /// What was done.
    pub outcome: Outcome,
    /// The anomaly score, where rules count one.
    pub score: Option<i64>,
    /// Whether not everything was looked at.
    pub is_exhausted: bool,
    /// The rules that matched.
    pub rules: Vec<Fired>,
}

/// What was done with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It was refused.
    Refused,
    /// It passed, and would have been refused if the firewall blocked.
    WouldRefuse,
}

/// A rule of the firewall that matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fired {
    /// The rule's number.
    pub rule: u64,
    /// What it means.
    pub message: String,
    /// Where it stands.
    pub place: String,
    /// Its severity.
    pub severity: Option<&'static str>,
    /// What it matched: the part's name, and its beginning; secrets are left out.
    pub parts: Vec<(String, String)>,
}

/// How far an autopilot has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Autopilot {
    /// How far the policy has come.
    pub stage: String,
    /// What is waited for, or what is done next.
    pub next: String,
    /// Headers and modes that are raised in steps.
    pub ramps: Vec<Raised>,
    /// What happened, the latest first.
    pub steps: Vec<Step>,
}

/// A header or a mode that is raised in steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub rung: String,
    /// What is waited for, or what is done next.
    pub next: String,
}

/// A step of an autopilot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When, in seconds since 1970.
    pub at: i64,
    /// What was moved.
    pub about: String,
    /// From where.
    pub from: String,
    /// To where.
    pub to: String,
    /// Whether it undoes something.
    pub is_back: bool,
    /// Why.
    pub reason: String,
}

/// A certificate that sites show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The sites that show it.
    pub sites: Vec<String>,
    /// The names it is for.
    pub names: Vec<String>,
    /// Who issued it.
    pub issuer: String,
    /// When it begins, in seconds since 1970.
    pub not_before: i64,
    /// When it ends, in seconds since 1970.
    pub not_after: i64,
    /// Whether our own authority issued it, which no browser knows.
    pub is_local: bool,
}
