//! The keys that a site and its routes share.

use std::time::Duration;

use bartizan_proxy::config::{CookiePlan, ErrorPages, HeaderMode, HeaderPlan, Policy, WafExclusion, WafPlan, WafRules};
use bartizan_waf::preset::Source;
use http::StatusCode;

use super::super::Choices as _;
use super::super::origins::Origin;
use super::super::quantities::{write_bytes, write_duration, write_request_rate};
use super::super::words::{BASELINE, ProfileName, SameSitePlan};
use super::{Page, or_none, text, texts, word};

/// Where a policy was written, innermost first.
pub(super) struct Place {
    tables: Vec<String>,
    header: &'static str,
    profile: ProfileName,
}

impl Place {
    pub(super) fn of_site(at: &str, profile: ProfileName) -> Self {
        Self { tables: vec![at.to_owned()], header: "site", profile }
    }

    pub(super) fn of_route(at: &str, number: usize, profile: ProfileName) -> Self {
        Self { tables: vec![format!("{at}.route[{number}]"), at.to_owned()], header: "site.route", profile }
    }

    fn key(&self, page: &mut Page<'_>, key: &str, value: &str) {
        let (table, name) = key.split_once('.').unwrap_or(("", key));
        let paths: Vec<_> = self.tables.iter().map(|at| format!("{at}.{key}")).collect();
        let mut paths: Vec<_> = paths.iter().map(String::as_str).collect();
        if key == "body" {
            paths.push("server.limits.body");
        }
        page.key(if table.is_empty() { key } else { name }, value, &paths, Origin::Profile(self.profile.word()));
    }
}

pub(super) fn write(page: &mut Page<'_>, policy: &Policy, place: &Place) {
    let Policy {
        deny: _,
        methods,
        body,
        requests_per_client,
        csrf,
        isolation,
        cookies,
        headers,
        strip,
        errors,
        credentials: _,
        concurrency,
        waf,
    } = policy;
    if let Some(methods) = methods {
        place.key(page, "methods", &texts(methods));
    }
    place.key(page, "body", &or_none(*body, |bytes| text(&write_bytes(bytes))));
    let rate = or_none(*requests_per_client, |rate| text(&write_request_rate(rate)));
    place.key(page, "requests_per_client", &rate);
    place.key(page, "concurrency", &or_none(*concurrency, |count| count.to_string()));
    place.key(page, "isolation", &word(*isolation));
    place.key(page, "strip", &texts(strip));
    page.table(&format!("[{}.csrf]", place.header));
    place.key(page, "csrf.mode", &word(csrf.mode));
    place.key(page, "csrf.trusted_origins", &texts(&csrf.trusted_origins));
    write_cookies(page, cookies, place);
    write_headers(page, headers, place);
    write_errors(page, errors, place);
    if let Some(waf) = waf {
        write_waf(page, waf, place);
    }
}

fn write_waf(page: &mut Page<'_>, waf: &WafPlan, place: &Place) {
    let WafPlan { mode, source, tuning, sample, exclusions } = waf;
    page.table(&format!("[{}.waf]", place.header));
    place.key(page, "waf.mode", &word(*mode));
    let rules = match source {
        Source::Text(_) => text(BASELINE),
        Source::Path(path) => text(&path.display().to_string()),
    };
    place.key(page, "waf.rules", &rules);
    for (key, value) in [
        ("waf.paranoia", tuning.paranoia.map(u32::from)),
        ("waf.inbound_threshold", tuning.inbound_threshold),
        ("waf.outbound_threshold", tuning.outbound_threshold),
    ] {
        // Unsaid, the rules decide, and there is no word for that.
        if let Some(value) = value {
            place.key(page, key, &value.to_string());
        }
    }
    // Unsaid, those that lie beside the rules.
    if let Some(packages) = &tuning.packages {
        place.key(page, "waf.packages", &texts(packages));
    }
    if let Some(plugins) = &tuning.plugins {
        place.key(page, "waf.plugins", &text(&plugins.display().to_string()));
    }
    place.key(page, "waf.body", &text(&write_bytes(tuning.body_limit as u64)));
    place.key(page, "waf.beyond", &word(tuning.beyond));
    place.key(page, "waf.responses", &or_none(tuning.response_limit, |bytes| text(&write_bytes(bytes as u64))));
    place.key(page, "waf.cpu", &text(&write_duration(Duration::from_nanos(tuning.work))));
    place.key(page, "waf.exhausted", &word(tuning.exhausted));
    place.key(page, "waf.sample", &sample.to_string());
    if !exclusions.is_empty() {
        let one = |exclusion: &WafExclusion| {
            let rules = match &exclusion.rules {
                WafRules::Tag(tag) => format!("tag:{tag}"),
                WafRules::Ids(ids) => {
                    let range = |(first, last): &(u64, u64)| {
                        if first == last { first.to_string() } else { format!("{first}-{last}") }
                    };
                    ids.iter().map(range).collect::<Vec<_>>().join(", ")
                }
            };
            let target =
                exclusion.target.as_ref().map_or_else(String::new, |name| format!(", target = {}", text(name)));
            format!("{{ rules = {}{target}, reason = {} }}", text(&rules), text(&exclusion.reason))
        };
        let all: Vec<_> = exclusions.iter().map(one).collect();
        place.key(page, "waf.exclude", &format!("[{}]", all.join(", ")));
    }
}

fn write_cookies(page: &mut Page<'_>, cookies: &CookiePlan, place: &Place) {
    let CookiePlan { secure, session_names, except, http_only, same_site, prefix, reads_prefixed: _ } = cookies;
    page.table(&format!("[{}.cookies]", place.header));
    place.key(page, "cookies.secure", &secure.to_string());
    place.key(page, "cookies.session_names", &texts(session_names));
    place.key(page, "cookies.except", &texts(except));
    place.key(page, "cookies.http_only", &http_only.to_string());
    place.key(page, "cookies.same_site", &word(SameSitePlan(*same_site)));
    place.key(page, "cookies.prefix", &prefix.to_string());
}

fn write_headers(page: &mut Page<'_>, headers: &HeaderPlan, place: &Place) {
    page.table(&format!("[{}.headers]", place.header));
    let HeaderPlan {
        hsts,
        csp,
        csp_report_only,
        content_type_options,
        frame_options,
        referrer_policy,
        permissions_policy,
        opener_policy,
        embedder_policy,
        resource_policy,
        origin_agent_cluster,
        cross_domain_policies,
        dns_prefetch_control,
        xss_protection,
        private_cache,
        clear_site_data,
        clear_site_data_paths,
        reporting_endpoints,
        report_to,
        nel,
        dangerous_public_key_pins,
        obsolete_expect_ct,
        custom,
    } = headers;
    for (key, rule) in [
        ("hsts", hsts),
        ("csp", csp),
        ("csp_report_only", csp_report_only),
        ("content_type_options", content_type_options),
        ("frame_options", frame_options),
        ("referrer_policy", referrer_policy),
        ("permissions_policy", permissions_policy),
        ("opener_policy", opener_policy),
        ("embedder_policy", embedder_policy),
        ("resource_policy", resource_policy),
        ("origin_agent_cluster", origin_agent_cluster),
        ("cross_domain_policies", cross_domain_policies),
        ("dns_prefetch_control", dns_prefetch_control),
        ("xss_protection", xss_protection),
        ("private_cache", private_cache),
        ("reporting_endpoints", reporting_endpoints),
        ("report_to", report_to),
        ("nel", nel),
        ("dangerous_public_key_pins", dangerous_public_key_pins),
        ("obsolete_expect_ct", obsolete_expect_ct),
    ] {
        let value = match rule {
            Some(rule) if rule.mode != HeaderMode::Off => {
                let value = text(&String::from_utf8_lossy(rule.value.as_bytes()));
                format!("{{ mode = {}, value = {value} }}", word(rule.mode))
            }
            _ => "false".to_owned(),
        };
        place.key(page, &format!("headers.{key}"), &value);
    }
    if let Some(rule) = clear_site_data {
        let value = text(&String::from_utf8_lossy(rule.value.as_bytes()));
        let paths = texts(clear_site_data_paths);
        place.key(page, "headers.clear_site_data", &format!("{{ paths = {paths}, value = {value} }}"));
    }
    if !custom.is_empty() {
        let pair = |(name, value): &(http::HeaderName, http::HeaderValue)| {
            format!("{name} = {}", text(&String::from_utf8_lossy(value.as_bytes())))
        };
        let pairs: Vec<_> = custom.iter().map(pair).collect();
        place.key(page, "headers.custom", &format!("{{ {} }}", pairs.join(", ")));
    }
}

fn write_errors(page: &mut Page<'_>, errors: &ErrorPages, place: &Place) {
    let ErrorPages { replace, debug_pages, listings, files } = errors;
    page.table(&format!("[{}.errors]", place.header));
    place.key(page, "errors.replace", &texts(ranges(replace)));
    place.key(page, "errors.debug_pages", &debug_pages.to_string());
    place.key(page, "errors.listings", &listings.to_string());
    if !files.is_empty() {
        let pair = |(status, path): &(StatusCode, std::path::PathBuf)| {
            format!("{} = {}", status.as_str(), text(&path.display().to_string()))
        };
        let pairs: Vec<_> = files.iter().map(pair).collect();
        place.key(page, "errors.files", &format!("{{ {} }}", pairs.join(", ")));
    }
}

/// Returns statuses as they are written: neighbours as one range.
fn ranges(statuses: &[StatusCode]) -> Vec<String> {
    let mut ranges: Vec<(u16, u16)> = Vec::new();
    for status in statuses {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == status.as_u16() => *last = status.as_u16(),
            _ => ranges.push((status.as_u16(), status.as_u16())),
        }
    }
    let write = |(first, last): (u16, u16)| match (first, last) {
        (500, 599) => "5xx".to_owned(),
        (400, 499) => "4xx".to_owned(),
        _ if first == last => first.to_string(),
        _ => format!("{first}-{last}"),
    };
    ranges.into_iter().map(write).collect()
}
