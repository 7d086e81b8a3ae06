//! Where browsers send their reports: `Reporting-Endpoints`, the older `Report-To`, and `NEL`.
//!
//! The app's endpoints are kept: ours go before them, since of one name said twice the later counts
//! (RFC 9651, 4.2.2).

use http::{HeaderName, HeaderValue};

use super::apply::{apply, apply_unless_said, describe, sent, text};
use crate::config::{HeaderPlan, HeaderRule};
use crate::context::Exchange;
use crate::head::ResponseHead;
use crate::stages::{ResponseStage, ResponseVerdict};

/// Names the reporting endpoints.
#[derive(Debug)]
pub(crate) struct Reporting {
    /// Lists, to which the app may add.
    endpoints: Vec<(HeaderName, HeaderRule)>,
    nel: Option<HeaderRule>,
}

impl Reporting {
    /// Returns the stage, unless the plan names no endpoint.
    pub(crate) fn new(plan: &HeaderPlan) -> Option<Self> {
        let lists = [(&REPORTING_ENDPOINTS, &plan.reporting_endpoints), (&REPORT_TO, &plan.report_to)];
        let endpoints: Vec<_> = lists
            .into_iter()
            .filter_map(|(name, rule)| sent(rule.as_ref()).map(|rule| (name.clone(), rule.clone())))
            .collect();
        let nel = sent(plan.nel.as_ref()).cloned();
        (!endpoints.is_empty() || nel.is_some()).then_some(Self { endpoints, nel })
    }
}

impl ResponseStage for Reporting {
    fn name(&self) -> &'static str {
        "reporting"
    }

    fn describe(&self) -> String {
        let nel = self.nel.as_ref().map(|rule| describe(&NEL, rule));
        let lists = self.endpoints.iter().map(|(name, rule)| describe(name, rule));
        lists.chain(nel).collect::<Vec<_>>().join("; ")
    }

    fn head(&self, response: &mut ResponseHead, exchange: &Exchange) -> ResponseVerdict {
        // Browsers take reporting settings from secure origins only (Reporting API, 3.3; NEL, 5.1).
        if !exchange.https {
            return ResponseVerdict::Pass;
        }
        for (name, rule) in &self.endpoints {
            apply(&mut response.headers, name, rule, |lines| {
                let both = [&[text(&rule.value)], lines].concat().join(", ");
                HeaderValue::try_from(both).ok()
            });
        }
        if let Some(nel) = &self.nel {
            apply_unless_said(&mut response.headers, &NEL, nel);
        }
        ResponseVerdict::Pass
    }
}

static NEL: HeaderName = HeaderName::from_static("nel");
static REPORTING_ENDPOINTS: HeaderName = HeaderName::from_static("reporting-endpoints");
static REPORT_TO: HeaderName = HeaderName::from_static("report-to");
