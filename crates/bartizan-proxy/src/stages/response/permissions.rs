//! `Permissions-Policy`: which powerful features of the browser a page and its frames may use.

use bartizan_headers::PermissionsPolicy;
use bartizan_rules::Rule;
use bartizan_rules::cross_origin::{permissions_policy_malformed, permissions_policy_missing};

use super::apply::Ours;
use crate::config::HeaderPlan;
use crate::context::Exchange;
use crate::head::ResponseHead;
use crate::stages::{ResponseStage, ResponseVerdict};

/// Sends `Permissions-Policy`.
#[derive(Debug)]
pub(crate) struct Permissions(Ours<PermissionsPolicy>);

impl Permissions {
    /// Returns the stage, unless the plan sends nothing.
    pub(crate) fn new(plan: &HeaderPlan) -> Option<Self> {
        Ours::new(plan.permissions_policy.as_ref()).map(Self)
    }
}

impl ResponseStage for Permissions {
    fn name(&self) -> &'static str {
        "permissions"
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

static MENDS: &[&Rule] = &[&permissions_policy_malformed::RULE, &permissions_policy_missing::RULE];
