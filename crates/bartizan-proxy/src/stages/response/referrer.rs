//! `Referrer-Policy`: how much of an address other sites learn when a visitor follows a link.

use bartizan_headers::ReferrerPolicy;
use bartizan_rules::Rule;
use bartizan_rules::leaks::{referrer_policy_missing, referrer_policy_unsafe};

use super::apply::Ours;
use crate::config::HeaderPlan;
use crate::context::Exchange;
use crate::head::ResponseHead;
use crate::stages::{ResponseStage, ResponseVerdict};

/// Sends `Referrer-Policy`.
#[derive(Debug)]
pub(crate) struct Referrer(Ours<ReferrerPolicy>);

impl Referrer {
    /// Returns the stage, unless the plan sends nothing.
    pub(crate) fn new(plan: &HeaderPlan) -> Option<Self> {
        Ours::new(plan.referrer_policy.as_ref()).map(Self)
    }
}

impl ResponseStage for Referrer {
    fn name(&self) -> &'static str {
        "referrer"
    }

    fn describe(&self) -> String {
        self.0.describe()
    }

    fn mends(&self) -> &'static [&'static Rule] {
        MENDS
    }

    fn head(&self, response: &mut ResponseHead, _exchange: &Exchange) -> ResponseVerdict {
        self.0.send(&mut response.headers);
        ResponseVerdict::Pass
    }
}

static MENDS: &[&Rule] = &[&referrer_policy_missing::RULE, &referrer_policy_unsafe::RULE];
