//! What is collected of browsers' reports, as the program uses it; the wall itself knows nothing of it.

use std::num::NonZeroU32;
use std::time::Duration;

use bartizan_reports::alerts::Settings;
use bartizan_reports::store::Place;

/// Where reports are kept, and what is collected for each site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportsPlan {
    /// Where the store is.
    pub store: Place,
    /// How long a group is kept after it was last seen.
    pub keep: Duration,
    /// How long counts wait for the store.
    pub flush: Duration,
    /// What is worth an alert, and who is told.
    pub alerts: Settings,
    /// The sites, in the order of the configuration.
    pub sites: Vec<SitePlan>,
}

/// What is collected for one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitePlan {
    /// The site's name.
    pub site: String,
    /// Its names as they are written, to tell reports of other sites' pages.
    pub hosts: Vec<String>,
    /// Whether anything is.
    pub collect: bool,
    /// The version of the site's policy; may be empty.
    pub policy: String,
    /// Reports a minute.
    pub quota: Option<NonZeroU32>,
    /// The share of bodies that is looked at, in per cent.
    pub sample: u8,
    /// Whether queries are kept.
    pub dangerous_keep_queries: bool,
}

impl Default for SitePlan {
    fn default() -> Self {
        Self {
            site: String::new(),
            hosts: Vec::new(),
            collect: false,
            policy: String::new(),
            // A thousand a second: no site's browsers have so much to say for long.
            quota: NonZeroU32::new(60_000),
            sample: 100,
            dangerous_keep_queries: false,
        }
    }
}

impl SitePlan {
    /// Returns the address, on the site itself, that browsers report to.
    pub fn address(&self) -> String {
        if self.policy.is_empty() { ENDPOINT.to_owned() } else { format!("{ENDPOINT}/{}", self.policy) }
    }

    /// Returns the hosts as reports are compared with them: without port, and `.x` for what lies below x.
    pub fn host_names(&self) -> Vec<String> {
        self.hosts.iter().map(|host| host_rule(host)).collect()
    }
}

fn host_rule(pattern: &str) -> String {
    let host = match pattern.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => pattern,
    };
    host.strip_prefix('*').unwrap_or(host).trim_start_matches('[').trim_end_matches(']').to_owned()
}

/// Where browsers report to on each site that collects.
pub(crate) const ENDPOINT: &str = "/.bartizan/reports";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_compared_without_port() {
        for (pattern, expected) in [
            ("app.example", "app.example"),
            ("app.example:8443", "app.example"),
            ("*.app.example", ".app.example"),
            ("[::1]:8443", "::1"),
        ] {
            assert_eq!(host_rule(pattern), expected);
        }
    }
}
