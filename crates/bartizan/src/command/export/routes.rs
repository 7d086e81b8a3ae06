//! The routes of a site, as far as another program tells paths apart: what is denied, and what is not checked there.

use bartizan_proxy::config::{CsrfMode, Policy, ResourceIsolation, RoutePlan, Site};

use super::patterns::literal;
use super::written::Written;

/// One route that differs from its site in what other programs do by path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Route {
    /// A name for it.
    pub(super) id: String,
    /// What its decoded paths match; a longer route that matches, too, wins.
    pub(super) pattern: String,
    /// What happens to requests there.
    pub(super) access: Access,
    /// The defence against forged requests.
    pub(super) csrf: Check,
    /// The defence against foreign loads.
    pub(super) isolation: Check,
}

/// Whether anything is let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    /// What passes the other checks.
    Checked,
    /// Nothing.
    Denied,
}

/// Whether a check of the site is made there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// As everywhere.
    Made,
    /// Not there.
    Skipped,
}

/// Returns the routes, longest first.
pub(super) fn routes(site: &Site) -> Vec<Route> {
    let mut plans: Vec<&RoutePlan> = site.routes.iter().collect();
    plans.sort_by_key(|plan| (std::cmp::Reverse(plan.path.len()), plan.path.clone()));
    let of_site = &site.policy;
    let made = |is_made: bool| if is_made { Check::Made } else { Check::Skipped };
    let route = |(number, plan): (usize, &RoutePlan)| Route {
        id: format!("route{}", number + 1),
        pattern: pattern(&plan.path),
        access: if plan.policy.deny { Access::Denied } else { Access::Checked },
        csrf: made(plan.policy.csrf.mode != CsrfMode::DangerousOff || of_site.csrf.mode == CsrfMode::DangerousOff),
        isolation: made(plan.policy.isolation == ResourceIsolation::On || of_site.isolation == ResourceIsolation::Off),
    };
    plans.into_iter().enumerate().map(route).collect()
}

/// Says what of the routes stays behind.
pub(super) fn note_rest(site: &Site, out: &mut Written) {
    for route in site.routes.iter().filter(|route| !route.policy.deny) {
        let rest = differing(&site.policy, &route.policy);
        if !rest.is_empty() {
            let rest = rest.join(", ");
            out.note(format!("of the route {}: {rest}; the site's own holds there", route.path));
        }
    }
}

fn differing(site: &Policy, route: &Policy) -> Vec<&'static str> {
    let stricter_csrf = site.csrf.mode != route.csrf.mode && route.csrf.mode != CsrfMode::DangerousOff;
    let origins = site.csrf.trusted_origins != route.csrf.trusted_origins && route.csrf.mode != CsrfMode::DangerousOff;
    let isolated = site.isolation == ResourceIsolation::Off && route.isolation == ResourceIsolation::On;
    let same = |one: &dyn std::fmt::Debug, other: &dyn std::fmt::Debug| format!("{one:?}") == format!("{other:?}");
    [
        ("methods", site.methods != route.methods),
        ("body", site.body != route.body),
        ("requests_per_client", site.requests_per_client != route.requests_per_client),
        ("csrf", stricter_csrf || origins),
        ("isolation", isolated),
        ("cookies", !same(&site.cookies, &route.cookies)),
        ("headers", !same(&site.headers, &route.headers)),
        ("strip", site.strip != route.strip),
        ("errors", !same(&site.errors, &route.errors)),
    ]
    .into_iter()
    .filter(|(_, differs)| *differs)
    .map(|(name, _)| name)
    .collect()
}

/// Every way of writing the path that a program might take for it: slashes may be doubled and dots stand between.
fn pattern(path: &str) -> String {
    const SLASH: &str = "/(?:[.]?/)*";
    let bare = path.strip_suffix('/').unwrap_or(path);
    let parts: Vec<String> = bare.split('/').map(literal).collect();
    let end = if path.ends_with('/') { "(?:/|$)" } else { "" };
    let start = if bare.is_empty() { "^" } else { &format!("^{}", parts.join(SLASH)) };
    format!("{start}{end}")
}

#[cfg(test)]
mod tests {
    use regex::Regex;

    use super::*;

    #[test]
    fn a_route_is_its_prefix_however_it_is_written() {
        for (path, asked, is_there) in [
            ("/admin/", "/admin/", true),
            ("/admin/", "/admin", true),
            ("/admin/", "/admin/x", true),
            ("/admin/", "//admin/x", true),
            ("/admin/", "/./admin/x", true),
            ("/admin/", "/administrator", false),
            ("/admin/", "/x/admin/", false),
            ("/a.b/c/", "/a.b//c", true),
            ("/a.b/c/", "/axb/c", false),
            ("/api", "/apis", true),
            ("/", "/", true),
        ] {
            assert_eq!(Regex::new(&pattern(path)).unwrap().is_match(asked), is_there, "{path} {asked}");
        }
    }
}
