//! `[reports]` and `[site.reports]`.

use std::num::NonZeroU32;
use std::time::Duration;

use bartizan_reports::store::Place;
use schemars::JsonSchema;
use serde::Deserialize;

use super::alerts::Alerts;
use super::values::{PolicyVersion, Share};
use super::{OrNone, Written};

/// Where reports of browsers are kept, for every site that collects them.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Reports {
    /// The file of the store, which is made where it is missing, or `postgres://user@host/database`; its password
    /// may stand in the variable `PGPASSWORD` instead.
    pub(crate) store: Option<Written<Place>>,
    /// How long a group of reports is kept after it was last seen.
    pub(crate) keep: Option<Written<Duration>>,
    /// How long counts wait in memory for the store: what a crash can lose.
    pub(crate) flush: Option<Written<Duration>>,
    /// What of it is worth an alert, and who is told.
    pub(crate) alerts: Option<Alerts>,
}

/// What browsers report about this site.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SiteReports {
    /// Whether reports are taken at `/.bartizan/reports` and the site's headers send browsers there.
    pub(crate) collect: Option<bool>,
    /// The version of the site's policy, by which reports are told apart; change it with the policy.
    pub(crate) policy: Option<Written<PolicyVersion>>,
    /// Reports a minute; more are shed and counted.
    pub(crate) quota: Option<OrNone<NonZeroU32>>,
    /// The share of requests with reports that is looked at.
    pub(crate) sample: Option<Written<Share>>,
    /// Whether queries of addresses are kept; they hold tokens and names of people as often as not.
    pub(crate) dangerous_keep_queries: Option<bool>,
}
