//! Headers of an older web: still read by some clients, or asked for by old checklists.
//!
//! The two obsolete ones, HPKP and Expect-CT, go out only where an operator wrote them down.

use bartizan_rules::Rule;
use bartizan_rules::cross_origin::cross_domain_policies_missing;
use bartizan_rules::obsolete::xss_filter_on;
use http::HeaderName;

use super::apply::{apply_only_safe, apply_unless_said, describe, sent};
use crate::config::{HeaderPlan, HeaderRule};
use crate::context::Exchange;
use crate::head::ResponseHead;
use crate::stages::{ResponseStage, ResponseVerdict};

/// Sends the headers of an older web.
#[derive(Debug)]
pub(crate) struct Legacy {
    /// Each of these has one safe value.
    safe: Vec<(HeaderName, HeaderRule)>,
    /// Promises about certificates, for HTTPS only; of two neither is the stricter.
    certificates: Vec<(HeaderName, HeaderRule)>,
}

impl Legacy {
    /// Returns the stage, unless the plan sends none of them.
    pub(crate) fn new(plan: &HeaderPlan) -> Option<Self> {
        let chosen = |rules: &[(&HeaderName, &Option<HeaderRule>)]| -> Vec<_> {
            let named = |(name, rule): &(&HeaderName, &Option<HeaderRule>)| {
                sent(rule.as_ref()).map(|rule| ((*name).clone(), rule.clone()))
            };
            rules.iter().filter_map(named).collect()
        };
        let stage = Self {
            safe: chosen(&[
                (&CROSS_DOMAIN_POLICIES, &plan.cross_domain_policies),
                (&DNS_PREFETCH_CONTROL, &plan.dns_prefetch_control),
                (&XSS_PROTECTION, &plan.xss_protection),
            ]),
            certificates: chosen(&[
                (&PUBLIC_KEY_PINS, &plan.dangerous_public_key_pins),
                (&EXPECT_CT, &plan.obsolete_expect_ct),
            ]),
        };
        (!stage.safe.is_empty() || !stage.certificates.is_empty()).then_some(stage)
    }
}

impl ResponseStage for Legacy {
    fn name(&self) -> &'static str {
        "legacy"
    }

    fn describe(&self) -> String {
        let all = self.safe.iter().chain(&self.certificates);
        all.map(|(name, rule)| describe(name, rule)).collect::<Vec<_>>().join("; ")
    }

    fn mends(&self) -> &'static [&'static Rule] {
        MENDS
    }

    fn head(&self, response: &mut ResponseHead, exchange: &Exchange) -> ResponseVerdict {
        for (name, rule) in &self.safe {
            apply_only_safe(&mut response.headers, name, rule);
        }
        if exchange.https {
            for (name, rule) in &self.certificates {
                apply_unless_said(&mut response.headers, name, rule);
            }
        }
        ResponseVerdict::Pass
    }
}

static MENDS: &[&Rule] = &[&cross_domain_policies_missing::RULE, &xss_filter_on::RULE];

static CROSS_DOMAIN_POLICIES: HeaderName = HeaderName::from_static("x-permitted-cross-domain-policies");
static DNS_PREFETCH_CONTROL: HeaderName = http::header::X_DNS_PREFETCH_CONTROL;
static EXPECT_CT: HeaderName = HeaderName::from_static("expect-ct");
static PUBLIC_KEY_PINS: HeaderName = http::header::PUBLIC_KEY_PINS;
static XSS_PROTECTION: HeaderName = http::header::X_XSS_PROTECTION;
