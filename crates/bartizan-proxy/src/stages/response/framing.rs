//! `X-Frame-Options`: who may show a page in a frame (WHATWG HTML, 7.6).
//!
//! For browsers that know no `frame-ancestors`; where a policy has that directive, the others ignore this.

use bartizan_headers::FrameOptions;
use bartizan_rules::Rule;
use bartizan_rules::framing::{frame_options_malformed, framing_unrestricted};

use super::apply::Ours;
use crate::config::HeaderPlan;
use crate::context::Exchange;
use crate::head::ResponseHead;
use crate::stages::{ResponseStage, ResponseVerdict};

/// Sends `X-Frame-Options`.
#[derive(Debug)]
pub(crate) struct Framing(Ours<FrameOptions>);

impl Framing {
    /// Returns the stage, unless the plan sends nothing.
    pub(crate) fn new(plan: &HeaderPlan) -> Option<Self> {
        Ours::new(plan.frame_options.as_ref()).map(Self)
    }
}

impl ResponseStage for Framing {
    fn name(&self) -> &'static str {
        "framing"
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

static MENDS: &[&Rule] = &[&frame_options_malformed::RULE, &framing_unrestricted::RULE];
