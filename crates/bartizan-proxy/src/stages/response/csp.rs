//! `Content-Security-Policy`, enforced and report-only: what a page may load, run and be framed by.
//!
//! Sent on every answer, whatever its type: pictures in SVG, PDF and XML run scripts, too, and a type
//! that a browser guesses is not ours to know. The app's own policy is never dropped silently: `tighten`
//! keeps each of its directives and adds those it does not have, `keep` leaves it, and only `set`, which
//! an operator writes, replaces it.

use bartizan_headers::csp::{PolicyList, REPORT_ONLY};
use bartizan_rules::Rule;
use bartizan_rules::csp::{
    csp_allowlist_bypass, csp_base_uri_missing, csp_form_action_missing, csp_missing, csp_none_with_others,
    csp_object_src_missing, csp_script_unsafe_eval, csp_script_unsafe_inline, csp_script_wildcard,
    csp_style_unsafe_inline, csp_syntax,
};
use http::header::CONTENT_SECURITY_POLICY;

use super::apply::Ours;
use crate::config::HeaderPlan;
use crate::context::Exchange;
use crate::head::{Maker, ResponseHead};
use crate::stages::{ResponseStage, ResponseVerdict};

/// Sends the policies.
#[derive(Debug)]
pub(crate) struct Csp {
    enforced: Option<Ours<PolicyList>>,
    reported: Option<Ours<PolicyList>>,
}

impl Csp {
    /// Returns the stage, unless the plan sends no policy.
    pub(crate) fn new(plan: &HeaderPlan) -> Option<Self> {
        let enforced = Ours::new(plan.csp.as_ref());
        let reported = Ours::named(REPORT_ONLY, plan.csp_report_only.as_ref());
        (enforced.is_some() || reported.is_some()).then_some(Self { enforced, reported })
    }
}

impl Csp {
    /// Returns a stage that sends no policy but those made for single pages.
    pub(crate) const fn of_pages() -> Self {
        Self { enforced: None, reported: None }
    }
}

impl ResponseStage for Csp {
    fn name(&self) -> &'static str {
        "csp"
    }

    fn describe(&self) -> String {
        let policies: Vec<_> = [&self.enforced, &self.reported].into_iter().flatten().map(Ours::describe).collect();
        if policies.is_empty() { "as each page needs it".to_owned() } else { policies.join("; ") }
    }

    fn mends(&self) -> &'static [&'static Rule] {
        MENDS
    }

    fn head(&self, response: &mut ResponseHead, exchange: &Exchange) -> ResponseVerdict {
        // A page of ours comes with a policy made for it, closer than any site's.
        if response.maker == Maker::Bartizan && response.headers.contains_key(CONTENT_SECURITY_POLICY) {
            return ResponseVerdict::Pass;
        }
        // Policies made for this very page; the app's own stand beside them, and each must allow what is done.
        if let Some(policy) = exchange.page_policy.as_deref().filter(|_| response.maker == Maker::Upstream) {
            for (name, value) in [(CONTENT_SECURITY_POLICY, &policy.enforced), (REPORT_ONLY, &policy.reported)] {
                if let Some(value) = value {
                    response.headers.append(name, value.clone());
                }
            }
            return ResponseVerdict::Pass;
        }
        for policy in [&self.enforced, &self.reported].into_iter().flatten() {
            policy.send(&mut response.headers);
        }
        ResponseVerdict::Pass
    }
}

static MENDS: &[&Rule] = &[
    &csp_allowlist_bypass::RULE,
    &csp_base_uri_missing::RULE,
    &csp_form_action_missing::RULE,
    &csp_missing::RULE,
    &csp_none_with_others::RULE,
    &csp_object_src_missing::RULE,
    &csp_script_unsafe_eval::RULE,
    &csp_script_unsafe_inline::RULE,
    &csp_script_wildcard::RULE,
    &csp_style_unsafe_inline::RULE,
    &csp_syntax::RULE,
];
