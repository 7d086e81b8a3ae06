//! `Strict-Transport-Security`: browsers come back over HTTPS only (RFC 6797).
//!
//! Sent over HTTPS alone (RFC 6797, 7.2). For address literals browsers ignore the field (8.1.1), so
//! they need no exception here.

use bartizan_headers::Hsts;
use bartizan_rules::Rule;
use bartizan_rules::transport::{
    hsts_malformed, hsts_max_age_short, hsts_missing, hsts_preload_not_ready, hsts_subdomains_missing,
};

use super::apply::Ours;
use crate::config::HeaderPlan;
use crate::context::Exchange;
use crate::head::ResponseHead;
use crate::stages::{ResponseStage, ResponseVerdict};

/// Sends HSTS over HTTPS.
#[derive(Debug)]
pub(crate) struct StrictTransport(Ours<Hsts>);

impl StrictTransport {
    /// Returns the stage, unless the plan sends nothing.
    pub(crate) fn new(plan: &HeaderPlan) -> Option<Self> {
        Ours::new(plan.hsts.as_ref()).map(Self)
    }
}

impl ResponseStage for StrictTransport {
    fn name(&self) -> &'static str {
        "hsts"
    }

    fn describe(&self) -> String {
        self.0.describe()
    }

    fn mends(&self) -> &'static [&'static Rule] {
        MENDS
    }

    fn head(&self, response: &mut ResponseHead, exchange: &Exchange) -> ResponseVerdict {
        if exchange.https {
            self.0.send(&mut response.headers);
        }
        ResponseVerdict::Pass
    }
}

static MENDS: &[&Rule] = &[
    &hsts_malformed::RULE,
    &hsts_max_age_short::RULE,
    &hsts_missing::RULE,
    &hsts_preload_not_ready::RULE,
    &hsts_subdomains_missing::RULE,
];
