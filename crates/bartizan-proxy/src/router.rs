//! From a host to its site, and from a path to its policy.
//!
//! Tables only: refusals are chosen in `stages/request/host.rs`. A lookup takes the same steps whether
//! one name is known or a thousand, so that nothing changes when a site is added (CVE-2026-27588).

use std::collections::HashMap;

use bartizan_headers::{Authority, HostName};

use crate::config::Site;
use crate::target::Target;

/// Every known name and path prefix, built once from the configuration.
#[derive(Debug, Default)]
pub struct Router {
    /// Names, and what each leads to.
    exact: HashMap<Box<str>, Vec<Entry>>,
    /// Names below which every name is known, the star put aside.
    below: HashMap<Box<str>, Vec<Entry>>,
    /// The site that answers to any name.
    any: Option<usize>,
    /// Path prefixes by site, longest first.
    prefixes: Vec<Vec<Prefix>>,
}

/// Where a request belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// The index of the site.
    pub site: usize,
    /// 0 for the site's own policy, else one more than the index of the route.
    pub policy: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    /// The only port that is meant; none means the usual ones.
    port: Option<u16>,
    /// The port in the site's redirects to HTTPS.
    https_port: u16,
    site: usize,
}

#[derive(Debug)]
struct Prefix {
    /// Without its last slash.
    path: Box<str>,
    policy: usize,
}

impl Router {
    /// Builds the tables; where two sites claim one name, the earlier has it.
    pub fn new(sites: &[Site]) -> Self {
        let mut router = Self::default();
        for (site, plan) in sites.iter().enumerate() {
            if plan.hosts.is_empty() {
                router.any.get_or_insert(site);
            }
            for pattern in &plan.hosts {
                let entry = Entry { port: pattern.port(), https_port: plan.https.port.unwrap_or(443), site };
                match (pattern.exact(), pattern.below()) {
                    (Some(name), _) => add(&mut router.exact, name, entry),
                    (None, Some(name)) => add(&mut router.below, name, entry),
                    (None, None) => {}
                }
            }
            for upload in &plan.uploads {
                let entry = Entry { port: upload.host.port, https_port: plan.https.port.unwrap_or(443), site };
                add(&mut router.exact, &upload.host.host, entry);
            }
            let mut prefixes: Vec<Prefix> = (plan.routes.iter().enumerate())
                .map(|(route, plan)| Prefix {
                    path: plan.path.strip_suffix('/').unwrap_or(&plan.path).into(),
                    policy: route + 1,
                })
                .collect();
            // Stable, so that of two equal prefixes the earlier is met first.
            prefixes.sort_by_key(|prefix| std::cmp::Reverse(prefix.path.len()));
            router.prefixes.push(prefixes);
        }
        router
    }

    /// Returns the site that a host belongs to, on a connection to this port of ours.
    pub fn site(&self, authority: &Authority, local_port: u16) -> Option<usize> {
        let name = authority.host.as_str();
        let meant = |entries: &Vec<Entry>| choose(entries, authority.port, local_port);
        if let Some(site) = self.exact.get(name).and_then(meant) {
            return Some(site);
        }
        if authority.host.address().is_none() && !self.below.is_empty() {
            let mut rest = name;
            while let Some((_, parent)) = rest.split_once('.') {
                if let Some(site) = self.below.get(parent).and_then(meant) {
                    return Some(site);
                }
                rest = parent;
            }
        }
        self.any
    }

    /// Whether a name is known by itself, whatever its port.
    pub fn knows(&self, name: &HostName) -> bool {
        let mut rest = name.as_str();
        if self.exact.contains_key(rest) {
            return true;
        }
        while let Some((_, parent)) = rest.split_once('.') {
            if self.below.contains_key(parent) {
                return true;
            }
            rest = parent;
        }
        false
    }

    /// Returns the policy for a path; nothing when a generous reader would find another.
    pub fn policy(&self, site: usize, target: &Target) -> Option<usize> {
        let prefixes = self.prefixes.get(site).map(Vec::as_slice).unwrap_or_default();
        if prefixes.is_empty() {
            return Some(0);
        }
        let policy = longest(prefixes, target.path());
        let agree = target.other_readings().iter().all(|reading| longest(prefixes, reading) == policy);
        agree.then_some(policy)
    }
}

/// Whether a path lies at or below a prefix, by whole segments.
pub fn is_below(path: &str, prefix: &str) -> bool {
    let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn longest(prefixes: &[Prefix], path: &str) -> usize {
    prefixes.iter().find(|prefix| is_below(path, &prefix.path)).map_or(0, |prefix| prefix.policy)
}

fn add(table: &mut HashMap<Box<str>, Vec<Entry>>, name: &HostName, entry: Entry) {
    table.entry(name.as_str().into()).or_default().push(entry);
}

/// An entry with the very port is meant before one without.
fn choose(entries: &[Entry], port: Option<u16>, local_port: u16) -> Option<usize> {
    let usual = |entry: &&Entry| match port {
        None | Some(80 | 443) => true,
        Some(port) => port == local_port || port == entry.https_port,
    };
    // A browser leaves out the scheme's own port, which the operator may have written.
    let named = |entry: &&Entry| entry.port == port || (port.is_none() && matches!(entry.port, Some(80 | 443)));
    let exact = entries.iter().filter(|entry| entry.port.is_some()).find(named);
    exact.or_else(|| entries.iter().filter(|entry| entry.port.is_none()).find(usual)).map(|entry| entry.site)
}

#[cfg(test)]
mod tests {
    use http::uri::PathAndQuery;

    use super::*;
    use crate::config::{Policy, RoutePlan, Upload};

    fn site(hosts: &[&str], routes: &[&str]) -> Site {
        Site {
            hosts: hosts.iter().map(|host| host.parse().unwrap()).collect(),
            routes: routes
                .iter()
                .map(|path| RoutePlan { path: (*path).to_owned(), policy: Policy::default() })
                .collect(),
            ..Site::default()
        }
    }

    #[test]
    fn hosts_lead_to_their_site_with_one_name_or_a_thousand() {
        let few = vec![
            site(&["app.example", "app.example:8443", "[::1]"], &[]),
            site(&["*.app.example", "port.example:9000", "own.example:443"], &[]),
            site(&["deep.a.app.example", "*.a.app.example"], &[]),
        ];
        let mut many = few.clone();
        many.extend(
            (0..1000).map(|number| site(&[&format!("n{number}.example"), &format!("*.w{number}.example")], &[])),
        );
        for sites in [few, many] {
            let router = Router::new(&sites);
            for (host, expected) in [
                ("app.example", Some(0)),
                ("APP.example.", Some(0)),
                ("app.example:443", Some(0)),
                ("app.example:80", Some(0)),
                ("app.example:8443", Some(0)),
                ("app.example:4433", Some(0)), // the port of our listener
                ("app.example:8080", None),
                ("x.app.example", Some(1)),
                ("x.y.app.example", Some(1)),
                ("x.a.app.example", Some(2)),
                ("a.app.example", Some(1)),
                ("deep.a.app.example", Some(2)),
                ("evilapp.example", None),
                ("port.example:9000", Some(1)),
                ("port.example", None),
                ("own.example", Some(1)),
                ("own.example:80", None),
                ("[::1]", Some(0)),
                ("[::2]", None),
                ("127.0.0.1", None),
                ("example", None),
            ] {
                assert_eq!(router.site(&host.parse().unwrap(), 4433), expected, "{host} of {}", sites.len());
            }
        }
    }

    #[test]
    fn an_empty_list_answers_to_any_name_but_after_the_others() {
        let router = Router::new(&[site(&[], &[]), site(&["app.example"], &[])]);
        for (host, expected) in [("app.example", Some(1)), ("x.example:1", Some(0)), ("10.0.0.1", Some(0))] {
            assert_eq!(router.site(&host.parse().unwrap(), 443), expected, "{host}");
        }
        assert!(router.knows(&"app.example".parse().unwrap()));
        assert!(!router.knows(&"x.example".parse().unwrap()));
    }

    #[test]
    fn hosts_of_uploads_belong_to_their_site() {
        let upload = Upload { path: "/m/".into(), host: "media.example".parse().unwrap(), attachment: true };
        let router = Router::new(&[Site { uploads: vec![upload], ..site(&["app.example"], &[]) }]);
        assert_eq!(router.site(&"media.example".parse().unwrap(), 443), Some(0));
        assert_eq!(router.site(&"other.example".parse().unwrap(), 443), None);
    }

    #[test]
    fn the_longest_prefix_of_whole_segments_wins() {
        let router = Router::new(&[site(&["a"], &["/api", "/api/internal/", "/x/"])]);
        for (path, expected) in [
            ("/", Some(0)),
            ("/api", Some(1)),
            ("/api/v1", Some(1)),
            ("/apis", Some(0)),
            ("/api/internal", Some(2)),
            ("/api/internal/y", Some(2)),
            ("/api/internalx", Some(1)),
            ("/x", Some(3)),
            ("/xy", Some(0)),
            ("/api%2Finternal/y", None),
            ("/api//internal/y", None),
            ("/api/internal;v=1/y", None),
            ("/api/%2569nternal/y", None),
            ("/api/internal%3Fy", None),
            ("/api/a%20b", Some(1)),
            ("/api/a//b", Some(1)),
        ] {
            let target = Target::canonical(&PathAndQuery::from_static(path)).unwrap();
            assert_eq!(router.policy(0, &target), expected, "{path}");
        }
    }
}
