//! What real clients reported under one step: clients that were served a page under it, noise left out.
//!
//! Every field of a report can be forged, and so can its number. So reports are counted by clients that the wall knows
//! to have been there, and by no more facts than the directive and the origin.

use std::collections::{BTreeMap, BTreeSet};

use bartizan_reports::address::Queries;
use bartizan_reports::noise;
use bartizan_reports::receive::{self, Bounds, Labels};
use bartizan_reports::subject::{Subject, page};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::ramps::permissions;

/// Something that a policy blocked, or would have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The directive, or the kind of report of a ramp.
    pub what: String,
    /// The origin of what was blocked, or a word such as `inline`.
    pub target: String,
    /// The path of the page.
    pub page: String,
}

/// Reads the violations of a body of reports; `hosts` are the site's own, to tell reports of other pages.
pub fn read(body: &[u8], labels: Labels<'_>, hosts: &[String]) -> Vec<Violation> {
    let bounds = Bounds::default();
    let Ok((bytes, form)) = receive::unpack(body, labels, &bounds) else { return Vec::new() };
    let Ok(batch) = receive::read(&bytes, form, &bounds, Queries::Drop) else { return Vec::new() };
    let mut found = Vec::new();
    for report in &batch.reports {
        if noise::class(report, hosts).is_some() {
            continue;
        }
        let subject = Subject::of(report, None);
        let what = match &*subject.kind {
            "csp-violation" if !subject.what.is_empty() => &subject.what,
            // Of these the kind says enough.
            "coep" | "coop" | permissions::KIND => &subject.kind,
            _ => continue,
        };
        let page = Url::parse(&page(report)).ok();
        // What is refused there has a name and no address.
        if subject.kind == permissions::KIND {
            let path = page.map_or_else(String::new, |page| page.path().to_owned());
            found.push(Violation { what: short(what), target: short(&subject.what), page: short(&path) });
            continue;
        }
        let is_own = Url::parse(&subject.target).is_ok_and(|target| {
            target.has_host() && page.as_ref().is_some_and(|page| page.origin() == target.origin())
        });
        let target = if is_own { SELF.to_owned() } else { origin(&subject.target) };
        let path = page.map_or_else(String::new, |page| page.path().to_owned());
        found.push(Violation { what: short(what), target: short(&target), page: short(&path) });
    }
    found
}

fn short(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// An origin, or the word that stands for what has none.
fn origin(target: &str) -> String {
    match Url::parse(target) {
        Ok(url) if url.has_host() => url[..url::Position::BeforePath].to_owned(),
        Ok(url) => url.scheme().to_owned(),
        Err(_) => target.trim_end_matches(':').to_owned(),
    }
}

/// What was reported, by directive and origin.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Evidence {
    entries: Vec<((String, String), Witnessed)>,
    /// Reports that found no room.
    pub(crate) shed: u64,
    /// Reports of clients that were served nothing in this step.
    pub(crate) strangers: u64,
}

/// Who reported something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Witnessed {
    /// No more than are needed for any decision.
    pub(crate) clients: BTreeSet<u64>,
    pub(crate) times: u64,
    /// A page on which it happened.
    pub(crate) page: String,
}

impl Violation {
    /// Whether it is about a ramp, and not about the policy of a step.
    pub fn is_of_a_ramp(&self) -> bool {
        matches!(self.what.as_str(), "coep" | "coop" | permissions::KIND)
    }
}

impl Evidence {
    pub(crate) fn add(&mut self, violation: &Violation, client: u64) {
        let key = (violation.what.as_str(), violation.target.as_str());
        let place = self.entries.binary_search_by(|((what, target), _)| (what.as_str(), target.as_str()).cmp(&key));
        let at = match place {
            Ok(at) => at,
            Err(_) if self.entries.len() >= MOST => {
                self.shed = self.shed.saturating_add(1);
                return;
            }
            Err(at) => {
                let key = (violation.what.clone(), violation.target.clone());
                self.entries.insert(at, (key, Witnessed { page: violation.page.clone(), ..Witnessed::default() }));
                at
            }
        };
        if let Some((_, seen)) = self.entries.get_mut(at) {
            seen.times = seen.times.saturating_add(1);
            if seen.clients.len() < MOST_CLIENTS {
                seen.clients.insert(client);
            }
        }
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &str, &Witnessed)> {
        self.entries.iter().map(|((what, target), seen)| (what.as_str(), target.as_str(), seen))
    }

    /// Returns how many different clients reported something that is meant.
    pub(crate) fn witnesses(&self, is_meant: impl Fn(&str, &str) -> bool) -> usize {
        let mut all: BTreeSet<u64> = BTreeSet::new();
        for ((what, target), seen) in &self.entries {
            if is_meant(what, target) {
                all.extend(&seen.clients);
            }
        }
        all.len()
    }

    /// What was reported in each, for a later step to know what is new.
    pub(crate) fn subjects(&self) -> BTreeMap<(String, String), usize> {
        self.entries.iter().map(|(key, seen)| (key.clone(), seen.clients.len())).collect()
    }
}

/// The page's own origin, as policies name it.
pub(crate) const SELF: &str = "'self'";

/// A policy has some thirty directives, and a site that uses a dozen foreign origins is large.
const MOST: usize = 400;

/// Shares are told well enough by so many.
const MOST_CLIENTS: usize = 1000;

/// A directive or an origin is no longer.
const LONGEST: usize = 300;

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: Labels<'static> = Labels { content_type: Some("application/csp-report"), content_encoding: None };

    #[test]
    fn violations_are_read_without_noise() {
        let hosts = ["app.example".to_owned()];
        for (page, directive, blocked, expected) in [
            ("https://app.example/a?x", "img-src", "https://b.example/x.png?y", Some(("img-src", "https://b.example"))),
            ("https://app.example/a", "script-src-elem", "inline", Some(("script-src-elem", "inline"))),
            ("https://app.example/a", "img-src", "https://app.example/x", Some(("img-src", SELF))),
            ("https://app.example/a", "img-src", "data", Some(("img-src", "data"))),
            (
                "https://app.example/a",
                "connect-src",
                "wss://b.example:8443/",
                Some(("connect-src", "wss://b.example:8443")),
            ),
            ("https://app.example/a", "script-src", "chrome-extension://abc/x.js", None),
            ("https://other.example/", "img-src", "https://b.example/x", None), // a page of another site
        ] {
            let body = format!(
                "{{\"csp-report\":{{\"document-uri\":\"{page}\",\"effective-directive\":\"{directive}\",\"blocked-uri\":\"{blocked}\"}}}}"
            );
            let found = read(body.as_bytes(), LABELS, &hosts);
            let found = found.first().map(|violation| (violation.what.as_str(), violation.target.as_str()));
            assert_eq!(found, expected, "{page} {blocked}");
        }
        assert_eq!(read(b"no reports", LABELS, &hosts), []);
    }

    #[test]
    fn floods_are_bounded_and_one_client_stays_one() {
        let mut evidence = Evidence::default();
        for number in 0..10_000_u64 {
            let violation = Violation {
                what: "img-src".to_owned(),
                target: format!("https://{number}.example"),
                page: String::new(),
            };
            evidence.add(&violation, 1);
        }
        assert_eq!(evidence.entries().count(), MOST);
        assert_eq!(evidence.shed, 10_000 - MOST as u64);
        assert_eq!(evidence.witnesses(|_, _| true), 1);
    }
}
