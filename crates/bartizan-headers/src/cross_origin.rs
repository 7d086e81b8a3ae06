//! The isolation headers: COOP, COEP (WHATWG HTML, 7.1.3 and 7.1.4), CORP (Fetch, 3.7), Origin-Agent-Cluster.
//!
//! They say which other origins may share a window group, be embedded, or embed. Report-only
//! variants read the same way under another name.

use std::fmt;

use http::HeaderName;
use sfv::{Item, Parser};

use crate::field::{Field, Note, Parsed, Tighten, first_line};
use crate::syntax::{trim, write_quoted};

/// Cross-Origin-Opener-Policy: with whom a page shares its window group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenerPolicy {
    /// What is shared.
    pub value: Opener,
    /// The reporting endpoint, by name.
    pub report_to: Option<String>,
}

/// What Cross-Origin-Opener-Policy can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opener {
    /// Whoever opens the page loses hold of it; windows it opens stay.
    NoopenerAllowPopups,
    /// Only pages of the same origin with the same policy share.
    SameOrigin,
    /// As `same-origin`, but windows the page opens stay connected.
    SameOriginAllowPopups,
    /// Anybody shares.
    UnsafeNone,
}

impl Opener {
    /// Whether no page can reach another under `self` that it could not reach under `other`.
    const fn is_at_least(self, other: Self) -> bool {
        match other {
            Self::UnsafeNone => true,
            Self::SameOriginAllowPopups => !matches!(self, Self::UnsafeNone),
            // Each cuts a tie that the other leaves.
            Self::SameOrigin => matches!(self, Self::SameOrigin),
            Self::NoopenerAllowPopups => matches!(self, Self::NoopenerAllowPopups),
        }
    }
}

/// Cross-Origin-Embedder-Policy: what a page may embed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedderPolicy {
    /// What may be embedded.
    pub value: Embedder,
    /// The reporting endpoint, by name.
    pub report_to: Option<String>,
}

/// What Cross-Origin-Embedder-Policy can say, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Embedder {
    /// Anything.
    UnsafeNone,
    /// Anything, but other origins are asked without credentials.
    Credentialless,
    /// Only what agrees by CORP or CORS.
    RequireCorp,
}

/// Cross-Origin-Resource-Policy: who may embed a resource, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ResourcePolicy {
    /// Anybody.
    CrossOrigin,
    /// Pages of the same site.
    SameSite,
    /// Pages of the same origin.
    SameOrigin,
}

/// Origin-Agent-Cluster: whether the origin asks for a process of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OriginAgentCluster {
    /// `?0`: shared with the site.
    Site,
    /// `?1`: of its own.
    Origin,
}

impl Field for OpenerPolicy {
    const NAME: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

    fn parse(lines: &[&str]) -> Parsed<Self> {
        token_with_endpoint(lines, &OPENERS, |value, report_to| Self { value, report_to })
    }
}

impl Field for EmbedderPolicy {
    const NAME: HeaderName = HeaderName::from_static("cross-origin-embedder-policy");

    fn parse(lines: &[&str]) -> Parsed<Self> {
        token_with_endpoint(lines, &EMBEDDERS, |value, report_to| Self { value, report_to })
    }
}

impl Field for ResourcePolicy {
    const NAME: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

    /// Reads the lines joined, case included: a second value spoils the field (Fetch, 3.7).
    fn parse(lines: &[&str]) -> Parsed<Self> {
        let [line] = lines else {
            return if lines.is_empty() {
                Parsed::absent()
            } else {
                Parsed::rejected(Vec::new(), Note::syntax(&lines.join(", ")))
            };
        };
        match find(&RESOURCES, trim(line)) {
            Some(value) => Parsed::accepted(value, Vec::new()),
            None => Parsed::rejected(Vec::new(), Note::unknown(trim(line))),
        }
    }
}

impl Field for OriginAgentCluster {
    const NAME: HeaderName = HeaderName::from_static("origin-agent-cluster");

    fn parse(lines: &[&str]) -> Parsed<Self> {
        let mut notes = Vec::new();
        let Some(line) = first_line(lines, &mut notes) else { return Parsed::absent() };
        match Parser::new(line).parse::<Item>().ok().and_then(|item| item.bare_item.as_boolean()) {
            Some(true) => Parsed::accepted(Self::Origin, notes),
            Some(false) => Parsed::accepted(Self::Site, notes),
            None => Parsed::rejected(notes, Note::syntax(line)),
        }
    }
}

impl Tighten for OpenerPolicy {
    /// `same-origin` and `noopener-allow-popups` each cut a tie the other leaves: there the app's stands.
    fn tighten(&self, ours: &Self) -> Self {
        if ours.value != self.value && ours.value.is_at_least(self.value) { ours.clone() } else { self.clone() }
    }
}

impl Tighten for EmbedderPolicy {
    fn tighten(&self, ours: &Self) -> Self {
        if ours.value > self.value { ours.clone() } else { self.clone() }
    }
}

impl Tighten for ResourcePolicy {
    fn tighten(&self, ours: &Self) -> Self {
        *self.max(ours)
    }
}

impl Tighten for OriginAgentCluster {
    fn tighten(&self, ours: &Self) -> Self {
        *self.max(ours)
    }
}

impl fmt::Display for OpenerPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(name(&OPENERS, self.value))?;
        write_endpoint(f, self.report_to.as_deref())
    }
}

impl fmt::Display for EmbedderPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(name(&EMBEDDERS, self.value))?;
        write_endpoint(f, self.report_to.as_deref())
    }
}

impl fmt::Display for ResourcePolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(name(&RESOURCES, *self))
    }
}

impl fmt::Display for OriginAgentCluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::Origin { "?1" } else { "?0" })
    }
}

/// Reads a structured item: a known token, perhaps with `report-to` (RFC 9651, 3.3).
fn token_with_endpoint<V: Copy, T>(
    lines: &[&str],
    names: &[(&str, V)],
    build: impl FnOnce(V, Option<String>) -> T,
) -> Parsed<T> {
    let mut notes = Vec::new();
    let [line] = lines else {
        // Joined by a comma, two items are no item, and the browser falls back to `unsafe-none`.
        return if lines.is_empty() {
            Parsed::absent()
        } else {
            Parsed::rejected(notes, Note::syntax(&lines.join(", ")))
        };
    };
    let Ok(item) = Parser::new(*line).parse::<Item>() else {
        return Parsed::rejected(notes, Note::syntax(line));
    };
    let token = item.bare_item.as_token().map_or("", sfv::TokenRef::as_str);
    let Some(value) = find(names, token) else { return Parsed::rejected(notes, Note::unknown(line)) };
    let mut report_to = None;
    for (key, parameter) in &item.params {
        match parameter.as_string() {
            Some(endpoint) if key.as_str() == "report-to" => report_to = Some(endpoint.as_str().to_owned()),
            _ => notes.push(Note::unknown(key.as_str())),
        }
    }
    Parsed::accepted(build(value, report_to), notes)
}

fn write_endpoint(f: &mut fmt::Formatter<'_>, endpoint: Option<&str>) -> fmt::Result {
    let Some(endpoint) = endpoint else { return Ok(()) };
    f.write_str("; report-to=")?;
    write_quoted(f, endpoint)
}

fn find<V: Copy>(names: &[(&str, V)], wanted: &str) -> Option<V> {
    names.iter().find_map(|(name, value)| (*name == wanted).then_some(*value))
}

fn name<V: Copy + PartialEq>(names: &[(&'static str, V)], wanted: V) -> &'static str {
    names.iter().find_map(|(name, value)| (*value == wanted).then_some(*name)).unwrap_or_default()
}

const OPENERS: [(&str, Opener); 4] = [
    ("noopener-allow-popups", Opener::NoopenerAllowPopups),
    ("same-origin", Opener::SameOrigin),
    ("same-origin-allow-popups", Opener::SameOriginAllowPopups),
    ("unsafe-none", Opener::UnsafeNone),
];

const EMBEDDERS: [(&str, Embedder); 3] = [
    ("credentialless", Embedder::Credentialless),
    ("require-corp", Embedder::RequireCorp),
    ("unsafe-none", Embedder::UnsafeNone),
];

const RESOURCES: [(&str, ResourcePolicy); 3] = [
    ("cross-origin", ResourcePolicy::CrossOrigin),
    ("same-origin", ResourcePolicy::SameOrigin),
    ("same-site", ResourcePolicy::SameSite),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: Field + Clone>(lines: &[&str], canonical: Option<&str>, notes: usize) {
        let parsed = T::parse(lines);
        assert_eq!(parsed.value.map(|value| value.to_string()).as_deref(), canonical, "{lines:?}");
        assert_eq!(parsed.notes.len(), notes, "{lines:?}: {:?}", parsed.notes);
    }

    #[test]
    fn items_are_read_as_structured_fields() {
        check::<OpenerPolicy>(&["same-origin"], Some("same-origin"), 0);
        check::<OpenerPolicy>(&["same-origin;report-to=\"x\""], Some("same-origin; report-to=\"x\""), 0);
        check::<OpenerPolicy>(&["same-origin; a=1"], Some("same-origin"), 1);
        check::<OpenerPolicy>(&["Same-Origin"], None, 1);
        check::<OpenerPolicy>(&["\"same-origin\""], None, 1);
        check::<OpenerPolicy>(&["same-origin", "same-origin"], None, 1);
        check::<EmbedderPolicy>(&["require-corp"], Some("require-corp"), 0);
        check::<EmbedderPolicy>(&["same-origin"], None, 1);
        check::<ResourcePolicy>(&["same-site"], Some("same-site"), 0);
        check::<ResourcePolicy>(&["same-site;a"], None, 1);
        check::<OriginAgentCluster>(&["?1"], Some("?1"), 0);
        check::<OriginAgentCluster>(&["1"], None, 1);
    }

    #[test]
    fn the_stricter_wins() {
        for (app, ours, result) in [
            ("unsafe-none", "same-origin", "same-origin"),
            ("same-origin-allow-popups", "same-origin", "same-origin"),
            ("same-origin", "same-origin-allow-popups", "same-origin"),
            ("noopener-allow-popups", "same-origin", "noopener-allow-popups"),
            ("same-origin", "noopener-allow-popups", "same-origin"),
            ("same-origin; report-to=\"app\"", "same-origin", "same-origin; report-to=\"app\""),
        ] {
            let [app, ours] = [app, ours].map(|text| OpenerPolicy::strict(text).unwrap());
            assert_eq!(app.tighten(&ours).to_string(), result, "{app} {ours}");
        }
        assert_eq!(ResourcePolicy::CrossOrigin.tighten(&ResourcePolicy::SameSite), ResourcePolicy::SameSite);
        assert_eq!(ResourcePolicy::SameOrigin.tighten(&ResourcePolicy::SameSite), ResourcePolicy::SameOrigin);
    }
}
