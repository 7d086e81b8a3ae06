//! `[site.headers]`: each value is checked by the header's own parser and written in its canonical form.

use bartizan_headers::clear_site_data::ClearSiteData;
use bartizan_headers::content_type_options::NoSniff;
use bartizan_headers::cross_origin::{EmbedderPolicy, OpenerPolicy, OriginAgentCluster, ResourcePolicy};
use bartizan_headers::nel::Nel;
use bartizan_headers::reporting_endpoints::ReportingEndpoints;
use bartizan_headers::{CacheControl, Field, FrameOptions, Hsts, PermissionsPolicy, ReferrerPolicy, csp};
use bartizan_proxy::config::{HeaderMode, HeaderPlan, HeaderRule};
use http::{HeaderName, HeaderValue};

use super::super::problem::Problem;
use super::super::raw::At;
use super::super::raw::headers::{Header, Headers, Parts};
use super::Resolver;

impl Resolver<'_> {
    /// Lays what was written over what holds already.
    pub(super) fn headers(&mut self, written: &Headers, plan: &mut HeaderPlan) {
        for (key, written, rule, read) in [
            ("hsts", &written.hsts, &mut plan.hsts, field::<Hsts> as Read),
            ("csp", &written.csp, &mut plan.csp, field::<csp::PolicyList>),
            ("csp_report_only", &written.csp_report_only, &mut plan.csp_report_only, field::<csp::PolicyList>),
            ("content_type_options", &written.content_type_options, &mut plan.content_type_options, field::<NoSniff>),
            ("frame_options", &written.frame_options, &mut plan.frame_options, field::<FrameOptions>),
            ("referrer_policy", &written.referrer_policy, &mut plan.referrer_policy, field::<ReferrerPolicy>),
            (
                "permissions_policy",
                &written.permissions_policy,
                &mut plan.permissions_policy,
                field::<PermissionsPolicy>,
            ),
            ("opener_policy", &written.opener_policy, &mut plan.opener_policy, field::<OpenerPolicy>),
            ("embedder_policy", &written.embedder_policy, &mut plan.embedder_policy, field::<EmbedderPolicy>),
            ("resource_policy", &written.resource_policy, &mut plan.resource_policy, field::<ResourcePolicy>),
            (
                "origin_agent_cluster",
                &written.origin_agent_cluster,
                &mut plan.origin_agent_cluster,
                field::<OriginAgentCluster>,
            ),
            ("cross_domain_policies", &written.cross_domain_policies, &mut plan.cross_domain_policies, cross_domain),
            ("dns_prefetch_control", &written.dns_prefetch_control, &mut plan.dns_prefetch_control, on_or_off),
            ("xss_protection", &written.xss_protection, &mut plan.xss_protection, xss_protection),
            ("private_cache", &written.private_cache, &mut plan.private_cache, field::<CacheControl>),
            (
                "reporting_endpoints",
                &written.reporting_endpoints,
                &mut plan.reporting_endpoints,
                field::<ReportingEndpoints>,
            ),
            ("report_to", &written.report_to, &mut plan.report_to, json_objects),
            ("nel", &written.nel, &mut plan.nel, field::<Nel>),
            (
                "dangerous_public_key_pins",
                &written.dangerous_public_key_pins,
                &mut plan.dangerous_public_key_pins,
                pins,
            ),
            ("obsolete_expect_ct", &written.obsolete_expect_ct, &mut plan.obsolete_expect_ct, any),
        ] {
            if let Some(written) = written {
                *rule = self.header(key, written, rule.take(), read);
            }
        }
        self.warn_of_obsolete(written);
        if let Some(clear) = &written.clear_site_data {
            plan.clear_site_data_paths = clear.paths.iter().map(|path| path.0.0.clone()).collect();
            let text = clear.value.clone().unwrap_or_else(|| At::nowhere(CLEARED.to_owned()));
            let parts = Header::On(Parts {
                mode: Some(super::super::raw::Choice(HeaderMode::Set)),
                value: Some((*text).clone()),
            });
            plan.clear_site_data = self.rule("clear_site_data", &parts, text.span(), None, field::<ClearSiteData>);
        }
        if let Some(custom) = &written.custom {
            plan.custom = custom.iter().filter_map(|(name, value)| self.custom(name, value)).collect();
        }
    }

    fn header(
        &mut self,
        key: &str,
        written: &At<Header>,
        earlier: Option<HeaderRule>,
        read: Read,
    ) -> Option<HeaderRule> {
        self.rule(key, written, written.span(), earlier, read)
    }

    fn rule(
        &mut self,
        key: &str,
        written: &Header,
        span: std::ops::Range<usize>,
        earlier: Option<HeaderRule>,
        read: Read,
    ) -> Option<HeaderRule> {
        let Header::On(parts) = written else { return None };
        let mode = parts.mode.map(|mode| mode.0).or(earlier.as_ref().map(|rule| rule.mode)).unwrap_or_default();
        let value = match &parts.value {
            None if mode == HeaderMode::Off => return None,
            None => {
                earlier.map(|rule| rule.value).ok_or_else(|| "has no value: neither here nor in the profile".to_owned())
            }
            Some(text) => {
                read(text).and_then(|text| HeaderValue::from_str(&text).map_err(|_| "cannot be sent".to_owned()))
            }
        };
        match value {
            Ok(value) => Some(HeaderRule { mode, value }),
            Err(reason) => {
                self.error(span, format!("`headers.{key}` would not do what it says"), reason);
                None
            }
        }
    }

    fn custom(&mut self, name: &str, value: &At<String>) -> Option<(HeaderName, HeaderValue)> {
        let Ok(parsed) = name.parse::<HeaderName>() else {
            self.error(value.span(), format!("`{name}` is no header name"), "this is its value");
            return None;
        };
        if FRAMING.contains(&parsed.as_str()) {
            self.error(value.span(), format!("`{name}` belongs to the connection"), "the wall alone writes it");
            return None;
        }
        if let Some((_, key)) = OWN_KEYS.iter().find(|(header, _)| *header == parsed.as_str()) {
            let problem = Problem::error(format!("`{name}` has a key of its own")).at(value.span());
            self.problems.push(problem.hint(format!("write it as `{key}`, where it is checked")));
            return None;
        }
        match HeaderValue::from_str(value) {
            Ok(value) => Some((parsed, value)),
            Err(_) => {
                self.error(value.span(), format!("`{name}` has a value that cannot be sent"), "a control character");
                None
            }
        }
    }

    fn warn_of_obsolete(&mut self, written: &Headers) {
        for (key, written, label) in [
            (
                "dangerous_public_key_pins",
                &written.dangerous_public_key_pins,
                "browsers ignore it since 2018; a lost key locked visitors out for its max-age",
            ),
            ("obsolete_expect_ct", &written.obsolete_expect_ct, "browsers ask for certificate transparency anyway"),
        ] {
            if let Some(written) = written
                && matches!(**written, Header::On(_))
            {
                self.warn(written.span(), format!("`headers.{key}` is obsolete"), label);
            }
        }
        if let Some(written) = &written.xss_protection
            && let Header::On(Parts { value: Some(value), .. }) = &**written
            && value != "0"
        {
            let label = "the filter it asks for could be turned against the page; 0 is the only safe value";
            self.warn(written.span(), "`headers.xss_protection` switches an unsafe filter on", label);
        }
    }
}

/// Reads a value and returns its canonical form.
type Read = fn(&str) -> Result<String, String>;

fn field<F: Field>(text: &str) -> Result<String, String> {
    F::strict(text).map(|value| value.to_string()).map_err(|notes| notes.to_string())
}

fn cross_domain(text: &str) -> Result<String, String> {
    one_of(text, &["none", "master-only", "by-content-type", "by-ftp-filename", "all", "none-this-response"])
}

fn on_or_off(text: &str) -> Result<String, String> {
    one_of(text, &["off", "on"])
}

fn xss_protection(text: &str) -> Result<String, String> {
    one_of(text, &["0", "1", "1; mode=block"])
}

fn one_of(text: &str, choices: &[&str]) -> Result<String, String> {
    if choices.contains(&text) { Ok(text.to_owned()) } else { Err(format!("must be one of {}", choices.join(", "))) }
}

/// `Report-To` is a list of JSON objects without the brackets.
fn json_objects(text: &str) -> Result<String, String> {
    let values: Vec<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_str(&format!("[{text}]")).map_err(|error| format!("is no JSON object: {error}"))?;
    for group in &values {
        if !group.contains_key("max_age") || !group.contains_key("endpoints") {
            return Err("needs `max_age` and `endpoints`".to_owned());
        }
    }
    Ok(text.to_owned())
}

/// RFC 7469, 2.1 and 2.5: a browser ignored pins without a spare one or without an age.
fn pins(text: &str) -> Result<String, String> {
    if text.matches("pin-sha256=").count() < 2 {
        return Err("needs two pins, one of them a spare (RFC 7469, 2.5)".to_owned());
    }
    if text.contains("max-age=") { Ok(text.to_owned()) } else { Err("needs max-age (RFC 7469, 2.1.2)".to_owned()) }
}

fn any(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

/// All but the cache, which is slow to clear and rarely holds what belongs to one visitor.
const CLEARED: &str = "\"cookies\", \"storage\"";

/// Fields of the connection or the framing (RFC 9110, 7.6.1), and the cookies, which have stages of their own.
const FRAMING: &[&str] = &[
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "keep-alive",
    "set-cookie",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

const OWN_KEYS: &[(&str, &str)] = &[
    ("strict-transport-security", "hsts"),
    ("content-security-policy", "csp"),
    ("content-security-policy-report-only", "csp_report_only"),
    ("x-content-type-options", "content_type_options"),
    ("x-frame-options", "frame_options"),
    ("referrer-policy", "referrer_policy"),
    ("permissions-policy", "permissions_policy"),
    ("cross-origin-opener-policy", "opener_policy"),
    ("cross-origin-embedder-policy", "embedder_policy"),
    ("cross-origin-resource-policy", "resource_policy"),
    ("origin-agent-cluster", "origin_agent_cluster"),
    ("x-permitted-cross-domain-policies", "cross_domain_policies"),
    ("x-dns-prefetch-control", "dns_prefetch_control"),
    ("x-xss-protection", "xss_protection"),
    ("clear-site-data", "clear_site_data"),
    ("reporting-endpoints", "reporting_endpoints"),
    ("report-to", "report_to"),
    ("nel", "nel"),
    ("public-key-pins", "dangerous_public_key_pins"),
    ("expect-ct", "obsolete_expect_ct"),
];
