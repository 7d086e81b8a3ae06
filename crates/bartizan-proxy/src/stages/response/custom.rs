//! Headers of the operator's own, in place of whatever the app says under those names.

use http::{HeaderName, HeaderValue};

use super::apply::text;
use crate::config::HeaderPlan;
use crate::context::Exchange;
use crate::head::ResponseHead;
use crate::stages::{ResponseStage, ResponseVerdict};

/// Sends the operator's own headers.
#[derive(Debug)]
pub(crate) struct Custom(Vec<(HeaderName, HeaderValue)>);

impl Custom {
    /// Returns the stage, unless there are none.
    pub(crate) fn new(plan: &HeaderPlan) -> Option<Self> {
        (!plan.custom.is_empty()).then(|| Self(plan.custom.clone()))
    }
}

impl ResponseStage for Custom {
    fn name(&self) -> &'static str {
        "custom"
    }

    fn describe(&self) -> String {
        let lines = self.0.iter().map(|(name, value)| format!("sends {name}: {}", text(value)));
        lines.collect::<Vec<_>>().join("; ")
    }

    fn head(&self, response: &mut ResponseHead, _exchange: &Exchange) -> ResponseVerdict {
        // The first of one name replaces the app's; a second line of that name joins it.
        for (i, (name, value)) in self.0.iter().enumerate() {
            if self.0.iter().take(i).any(|(earlier, _)| earlier == name) {
                response.headers.append(name, value.clone());
            } else {
                response.headers.insert(name, value.clone());
            }
        }
        ResponseVerdict::Pass
    }
}
