//! What is to be said of one site.

use bartizan_rules::catalog::rules;
use bartizan_rules::observatory::{Algorithm, Grade, NoGrade, PreloadList, grade as grade_of};
use bartizan_rules::{Facts, Finding, Platform, judge};
use bartizan_scan::{Client, Part, Plan, Target, scan, tls};

use super::distinct::distinct;
use super::grade;
use crate::output::findings;

/// A site, seen and judged.
pub(crate) struct Judged {
    /// What the Observatory says, if it was asked for.
    pub(crate) observatory: Option<Result<Grade, NoGrade>>,
    /// The letter of the six headers that most people look for.
    pub(crate) headers: Option<findings::Grade>,
    /// What our rules say.
    pub(crate) findings: Vec<Finding>,
    /// How the server speaks TLS.
    pub(crate) tls: Option<tls::Report>,
    /// What could not be seen.
    pub(crate) unseen: Vec<String>,
    /// Whether anything answered.
    pub(crate) is_reached: bool,
    /// What serves the site, as far as it says.
    pub(crate) platform: Option<Platform>,
}

/// Looks at a site and judges it.
pub(crate) async fn judged(client: &Client, target: &Target, plan: &Plan, preloaded: &PreloadList) -> Judged {
    let scanned = scan(client, target, plan).await;
    let algorithm: Algorithm = plan.algorithm;
    let observatory = scanned.retrieval.map(|seen| grade_of(&seen, algorithm, preloaded));
    let wants_findings = plan.parts.contains(&Part::Findings);
    Judged {
        observatory,
        headers: wants_findings.then(|| grade::for_headers(&scanned.facts)).flatten(),
        findings: distinct(judge(rules(), &scanned.facts)),
        platform: platform(&scanned.facts),
        tls: scanned.tls,
        unseen: scanned.unseen,
        is_reached: scanned.is_reached,
    }
}

/// Returns what serves the site, by what it says of itself.
fn platform(facts: &Facts) -> Option<Platform> {
    let lines = |name: &'static str| {
        facts.responses().flat_map(move |seen| seen.value.lines(name).map(str::to_ascii_lowercase).collect::<Vec<_>>())
    };
    if lines("x-powered-by").any(|value| value.contains("express")) {
        return Some(Platform::Express);
    }
    let servers: Vec<_> = lines("server").collect();
    let known = [
        ("apache", Platform::Apache),
        ("bartizan", Platform::Bartizan),
        ("caddy", Platform::Caddy),
        ("haproxy", Platform::Haproxy),
        ("nginx", Platform::Nginx),
        ("openresty", Platform::Nginx),
    ];
    known
        .into_iter()
        .find(|(name, _)| servers.iter().any(|server| server.starts_with(name)))
        .map(|(_, platform)| platform)
}
