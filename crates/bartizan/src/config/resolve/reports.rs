//! `[reports]` and `[site.reports]`: what is collected, and the headers that send browsers to it.

use std::time::Duration;

use bartizan_headers::Field as _;
use bartizan_headers::csp::{DirectiveName, PolicyList};
use bartizan_proxy::config::{HeaderMode, HeaderPlan, HeaderRule, Server, Site};
use bartizan_reports::alerts::Settings;
use bartizan_reports::store::Place;
use http::HeaderValue;

use super::super::raw;
use super::super::raw::reports::SiteReports;
use super::super::reports::{ReportsPlan, SitePlan};
use super::Resolver;
use super::server::set;

impl Resolver<'_> {
    /// Returns where reports are kept; the sites' own parts are added as sites are read.
    pub(super) fn reports(&self, written: Option<&raw::reports::Reports>, server: &Server) -> ReportsPlan {
        let mut plan = ReportsPlan {
            store: Place::File(server.state_dir.join("reports.sqlite")),
            // A quarter: a policy is seldom tightened over a longer time.
            keep: Duration::from_secs(90 * 24 * 3600),
            // A commit a second costs nothing beside the reports it holds.
            flush: Duration::from_secs(1),
            alerts: Settings::default(),
            sites: Vec::new(),
        };
        if let Some(written) = written {
            set(&mut plan.store, written.store.as_ref().map(|store| self.place(store.0.clone())));
            set(&mut plan.keep, written.keep.map(|keep| keep.0));
            set(&mut plan.flush, written.flush.map(|flush| flush.0));
        }
        plan
    }

    /// Returns a place as seen from the file, with the password that PostgreSQL's own programs would take.
    fn place(&self, place: Place) -> Place {
        crate::command::with_password(place.below(self.folder), self.environment)
    }

    /// Returns what is collected for a site, and has its headers name the endpoint.
    pub(super) fn site_reports(&self, written: Option<&SiteReports>, is_asked: bool, site: &mut Site) -> SitePlan {
        // The autopilot asks for reports by itself.
        let mut plan = SitePlan { site: site.name(), collect: is_asked, ..SitePlan::default() };
        if let Some(written) = written {
            set(&mut plan.collect, written.collect);
            set(&mut plan.policy, written.policy.as_ref().map(|policy| policy.0.0.clone()));
            set(&mut plan.quota, written.quota.map(|quota| quota.0));
            set(&mut plan.sample, written.sample.map(|sample| sample.0.0));
            set(&mut plan.dangerous_keep_queries, written.dangerous_keep_queries);
        }
        plan.hosts = site.hosts.iter().map(|pattern| pattern.to_string()).collect();
        if plan.collect {
            let address = plan.address();
            send_reports(&mut site.policy.headers, &address);
            site.routes.iter_mut().for_each(|route| send_reports(&mut route.policy.headers, &address));
        }
        plan
    }
}

/// Has policies and endpoints name the address, where they name none.
///
/// Policies say `report-uri` alone: beside `report-to` every browser ignores it, and with `report-to` violations of
/// `frame-ancestors` and of frames without an address of their own are never reported. Everything but policies for
/// content goes to the default endpoint.
fn send_reports(headers: &mut HeaderPlan, address: &str) {
    for rule in [&mut headers.csp, &mut headers.csp_report_only].into_iter().flatten() {
        if let Some(value) = with_address(rule.value.to_str().unwrap_or_default(), address) {
            rule.value = value;
        }
    }
    if headers.reporting_endpoints.is_none() {
        let value = HeaderValue::try_from(format!("default=\"{address}\""));
        headers.reporting_endpoints = value.ok().map(|value| HeaderRule { mode: HeaderMode::Tighten, value });
    }
}

/// Returns the policies with the address, unless each names one already.
fn with_address(text: &str, address: &str) -> Option<HeaderValue> {
    let policies = PolicyList::parse(&[text]).value?;
    let says = |policy: &bartizan_headers::csp::Policy| {
        policy.has(&DirectiveName::ReportUri) || policy.has(&DirectiveName::ReportTo)
    };
    let written = policies.policies.iter().map(|policy| {
        let policy_text = policy.to_string();
        if says(policy) { policy_text } else { format!("{policy_text}; {ENDPOINT_DIRECTIVE} {address}") }
    });
    HeaderValue::try_from(written.collect::<Vec<_>>().join(", ")).ok()
}

const ENDPOINT_DIRECTIVE: &str = "report-uri";

#[cfg(test)]
mod tests {
    use super::super::super::reports::ENDPOINT;
    use super::*;

    #[test]
    fn a_policy_names_the_endpoint_unless_it_names_one() {
        for (text, expected) in [
            ("default-src 'self'", "default-src 'self'; report-uri /.bartizan/reports/1"),
            ("default-src 'self'; report-uri /own", "default-src 'self'; report-uri /own"),
            ("default-src 'self'; report-to own", "default-src 'self'; report-to own"),
            (
                "default-src 'self', img-src 'none'",
                "default-src 'self'; report-uri /.bartizan/reports/1, img-src 'none'; report-uri /.bartizan/reports/1",
            ),
        ] {
            let address = format!("{ENDPOINT}/1");
            assert_eq!(with_address(text, &address).unwrap(), expected, "{text}");
            assert_eq!(with_address(expected, &address).unwrap(), expected, "{text}");
        }
    }
}
