//! Alerts: what an operator should be told of what browsers report, once, and by which way.
//!
//! Kinds are pure functions over what a store holds and an autopilot tells; a ledger remembers what was told; a thread looks, tells and
//! tries again. Every field of a report can be forged: alerts ask for several clients, are folded where many come at
//! once, and carry no character that steers a terminal, a header or a chat.

mod deliver;
mod happening;
mod kinds;
mod ledger;
mod metrics;
mod quiet;
mod sight;
mod watch;
mod wording;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub(crate) use deliver::read_answer;
pub use deliver::{Channel, DeliveryError, Encryption, Form, Mail, Run, Secret, Webhook, deliver};
pub use happening::{Happened, Happening, Inbox};
pub use kinds::{KINDS, Kind};
pub use metrics::AlertCounters;
pub use quiet::{NotHours, QuietHours};
pub use watch::Watch;
pub use wording::{defanged, plain};

/// When something is worth an alert, and who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How many clients must have reported a thing: one alone may be broken, or forged.
    pub clients: u64,
    /// How long a new site is only watched: in its first days everything is new.
    pub learn: Duration,
    /// How many times more reports in an hour than usual are a spike.
    pub spike: Option<u32>,
    /// How long a site that reports regularly may be silent.
    pub silence: Option<Duration>,
    /// When nobody is told; what came then is told afterwards, in one message.
    pub quiet: Option<QuietHours>,
    /// Who is told.
    pub channels: Vec<Channel>,
    /// How long until the store is looked at again.
    pub every: Duration,
    /// How long until a delivery is tried again, for the first failure, the second and so on; after the last it is
    /// given up.
    pub retries: Vec<Duration>,
}

impl Default for Settings {
    fn default() -> Self {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        Self {
            // One client alone is an extension, a broken proxy or a forger.
            clients: 2,
            // A weekday's visitors have seen most of a site's pages.
            learn: Duration::from_secs(24 * 3600),
            // Ten times the mean of a week is no busy afternoon.
            spike: Some(10),
            // Nights and holidays are quiet; a day without any report of a busy site means that none arrive.
            silence: Some(Duration::from_secs(24 * 3600)),
            quiet: None,
            channels: Vec::new(),
            every: Duration::from_secs(10),
            // A restarted server is back in a minute, a broken one after lunch, and over a weekend someone looks.
            retries: [0, 1, 5, 15, 30]
                .into_iter()
                .map(|wait| minutes(wait).max(Duration::from_secs(10)))
                .chain([minutes(60); 24])
                .collect(),
        }
    }
}

/// What an operator is told. No text in it can steer what shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// The name of its kind.
    pub kind: String,
    /// The site.
    pub site: String,
    /// What happened, in a line.
    pub title: String,
    /// What is known of it: names and values.
    pub facts: Vec<(String, String)>,
    /// When it was found, in milliseconds since 1970.
    pub at: i64,
}

impl Alert {
    /// Makes an alert; every text is made harmless here.
    pub fn new(kind: &str, site: &str, title: &str, facts: &[(&str, String)], at: i64) -> Self {
        Self {
            kind: kind.to_owned(),
            site: plain(site),
            title: plain(title),
            facts: facts.iter().map(|(name, value)| ((*name).to_owned(), plain(value))).collect(),
            at,
        }
    }

    /// Returns the alert that shows whether alerts arrive.
    pub fn trial(at: i64) -> Self {
        let facts = [("sent by", "bartizan alerts test".to_owned())];
        Self::new("test", "", "this is a test: alerts arrive here", &facts, at)
    }
}
