//! `Clear-Site-Data` on the paths of signing out: what the browser keeps of the site goes with the session.
//!
//! Only where the app did sign out: a refusal or an error must not clear anything, and browsers act on
//! the field over HTTPS alone (Clear Site Data, 3.1).

use http::HeaderName;

use super::apply::{apply_unless_said, describe, sent};
use crate::config::{HeaderPlan, HeaderRule};
use crate::context::Exchange;
use crate::head::{Maker, ResponseHead};
use crate::stages::{ResponseStage, ResponseVerdict};

/// Sends `Clear-Site-Data` on exact paths.
#[derive(Debug)]
pub(crate) struct ClearSiteData {
    rule: HeaderRule,
    paths: Vec<String>,
}

impl ClearSiteData {
    /// Returns the stage, unless the plan names no path.
    pub(crate) fn new(plan: &HeaderPlan) -> Option<Self> {
        let rule = sent(plan.clear_site_data.as_ref())?.clone();
        let paths = plan.clear_site_data_paths.clone();
        (!paths.is_empty()).then_some(Self { rule, paths })
    }
}

impl ResponseStage for ClearSiteData {
    fn name(&self) -> &'static str {
        "clear-site-data"
    }

    fn describe(&self) -> String {
        format!("{}, on {}", describe(&CLEAR_SITE_DATA, &self.rule), self.paths.join(", "))
    }

    fn head(&self, response: &mut ResponseHead, exchange: &Exchange) -> ResponseVerdict {
        let is_done = response.status.is_success() || response.status.is_redirection();
        if exchange.https
            && is_done
            && response.maker == Maker::Upstream
            && self.paths.iter().any(|path| path == exchange.path.path())
        {
            apply_unless_said(&mut response.headers, &CLEAR_SITE_DATA, &self.rule);
        }
        ResponseVerdict::Pass
    }
}

static CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
