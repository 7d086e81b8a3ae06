//! The headers of a plan by name, for whoever writes them elsewhere than into our own responses.
//!
//! The stages in `stages/response/` send them; a test there compares the two.

use bartizan_headers::cross_origin::{EmbedderPolicy, OpenerPolicy, OriginAgentCluster, ResourcePolicy};
use bartizan_headers::csp::{PolicyList, REPORT_ONLY};
use bartizan_headers::{Field, FrameOptions, Hsts, PermissionsPolicy, ReferrerPolicy, Tighten};
use http::{HeaderName, header};

use super::{HeaderMode, HeaderPlan, HeaderRule};

/// One header that a plan sends.
#[derive(Debug, Clone)]
pub struct Planned<'a> {
    /// The name it is sent under.
    pub name: HeaderName,
    /// Its value, and who wins.
    pub rule: &'a HeaderRule,
    /// The answers that carry it.
    pub when: When,
    stands: fn(&str, &str) -> bool,
}

/// The answers that carry a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// All.
    Always,
    /// Those on the paths that clear the browser's data.
    Clearing,
    /// Those over HTTPS.
    Https,
    /// Those that belong to one visitor.
    Private,
    /// Those that do not invite other origins by CORS.
    Uninvited,
}

impl Planned<'_> {
    /// Whether the app's value goes out unchanged, though ours differs.
    pub fn leaves(&self, app: &str) -> bool {
        let ours = self.rule.value.to_str().unwrap_or_default();
        match self.rule.mode {
            HeaderMode::Keep | HeaderMode::Off => true,
            HeaderMode::Set => false,
            HeaderMode::Tighten => (self.stands)(app, ours),
        }
    }
}

impl HeaderPlan {
    /// Returns every header that the plan sends, but those of the operator's own.
    pub fn planned(&self) -> Vec<Planned<'_>> {
        let uninvited = match &self.resource_policy {
            Some(rule) if rule.mode == HeaderMode::Set => When::Always,
            _ => When::Uninvited,
        };
        let all = [
            entry(Hsts::NAME, &self.hsts, When::Https, stands::<Hsts>),
            entry(PolicyList::NAME, &self.csp, When::Always, stands::<PolicyList>),
            entry(REPORT_ONLY, &self.csp_report_only, When::Always, stands::<PolicyList>),
            entry(header::X_CONTENT_TYPE_OPTIONS, &self.content_type_options, When::Always, never),
            entry(FrameOptions::NAME, &self.frame_options, When::Always, stands::<FrameOptions>),
            entry(ReferrerPolicy::NAME, &self.referrer_policy, When::Always, stands::<ReferrerPolicy>),
            entry(PermissionsPolicy::NAME, &self.permissions_policy, When::Always, stands::<PermissionsPolicy>),
            entry(OpenerPolicy::NAME, &self.opener_policy, When::Always, stands::<OpenerPolicy>),
            entry(EmbedderPolicy::NAME, &self.embedder_policy, When::Always, stands::<EmbedderPolicy>),
            entry(ResourcePolicy::NAME, &self.resource_policy, uninvited, stands::<ResourcePolicy>),
            entry(OriginAgentCluster::NAME, &self.origin_agent_cluster, When::Always, stands::<OriginAgentCluster>),
            entry(CROSS_DOMAIN_POLICIES, &self.cross_domain_policies, When::Always, never),
            entry(header::X_DNS_PREFETCH_CONTROL, &self.dns_prefetch_control, When::Always, never),
            entry(header::X_XSS_PROTECTION, &self.xss_protection, When::Always, never),
            entry(header::CACHE_CONTROL, &self.private_cache, When::Private, never),
            entry(CLEAR_SITE_DATA, &self.clear_site_data, When::Clearing, never),
            entry(REPORTING_ENDPOINTS, &self.reporting_endpoints, When::Https, never),
            entry(REPORT_TO, &self.report_to, When::Https, never),
            entry(NEL, &self.nel, When::Https, always),
            entry(header::PUBLIC_KEY_PINS, &self.dangerous_public_key_pins, When::Https, always),
            entry(EXPECT_CT, &self.obsolete_expect_ct, When::Https, always),
        ];
        all.into_iter()
            .flatten()
            .filter(|planned| planned.when != When::Clearing || !self.clear_site_data_paths.is_empty())
            .collect()
    }
}

fn entry(
    name: HeaderName,
    rule: &Option<HeaderRule>,
    when: When,
    stands: fn(&str, &str) -> bool,
) -> Option<Planned<'_>> {
    let rule = rule.as_ref().filter(|rule| rule.mode != HeaderMode::Off)?;
    Some(Planned { name, rule, when, stands })
}

/// Whether a value of the app's is at least as strict as ours, and another.
fn stands<T: Field + Tighten>(app: &str, ours: &str) -> bool {
    match (T::parse(&[app]).value, T::parse(&[ours]).value) {
        (Some(app), Some(ours)) => {
            let (app_text, ours_text) = (app.to_string(), ours.to_string());
            app_text != ours_text && app.tighten(&ours).to_string() == app_text
        }
        _ => false,
    }
}

/// There is one safe value, or ours joins the app's.
fn never(_: &str, _: &str) -> bool {
    false
}

/// Of two neither is the stricter.
fn always(_: &str, _: &str) -> bool {
    true
}

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");
const CROSS_DOMAIN_POLICIES: HeaderName = HeaderName::from_static("x-permitted-cross-domain-policies");
const EXPECT_CT: HeaderName = HeaderName::from_static("expect-ct");
const NEL: HeaderName = HeaderName::from_static("nel");
const REPORTING_ENDPOINTS: HeaderName = HeaderName::from_static("reporting-endpoints");
const REPORT_TO: HeaderName = HeaderName::from_static("report-to");

#[cfg(test)]
mod tests {
    use crate::profile::Profile;

    #[test]
    fn the_stricter_value_of_the_app_stands() {
        let plan = Profile::Balanced.policy().headers;
        for (name, app, stands) in [
            ("x-frame-options", "DENY", true),
            ("x-frame-options", "ALLOWALL", false),
            ("x-frame-options", "SAMEORIGIN", false), // it is ours
            ("referrer-policy", "no-referrer", true),
            ("referrer-policy", "unsafe-url", false),
            ("strict-transport-security", "max-age=63072000", true),
            ("strict-transport-security", "max-age=1", false),
            ("x-xss-protection", "1; mode=block", false),
            ("permissions-policy", "camera=*", true), // `keep`
        ] {
            let planned = plan.planned().into_iter().find(|planned| planned.name == name).unwrap();
            assert_eq!(planned.leaves(app), stands, "{name}: {app}");
        }
    }
}
