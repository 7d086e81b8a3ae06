//! `X-Content-Type-Options`: browsers take the type that was said and do not guess another.
//!
//! It does not correct a wrong type: with this header, a script sent as text does not run.

use bartizan_headers::content_type_options::NoSniff;
use bartizan_rules::Rule;
use bartizan_rules::content::nosniff_missing;

use super::apply::Ours;
use crate::config::HeaderPlan;
use crate::context::Exchange;
use crate::head::ResponseHead;
use crate::stages::{ResponseStage, ResponseVerdict};

/// Sends `nosniff`.
#[derive(Debug)]
pub(crate) struct ContentTypeOptions(Ours<NoSniff>);

impl ContentTypeOptions {
    /// Returns the stage, unless the plan sends nothing.
    pub(crate) fn new(plan: &HeaderPlan) -> Option<Self> {
        Ours::new(plan.content_type_options.as_ref()).map(Self)
    }
}

impl ResponseStage for ContentTypeOptions {
    fn name(&self) -> &'static str {
        "nosniff"
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

static MENDS: &[&Rule] = &[&nosniff_missing::RULE];
