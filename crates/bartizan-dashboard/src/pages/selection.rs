//! Which reports are meant: the words of a query, as a filter, as an address, and as a form.

use bartizan_reports::store::{Filter, NoiseFilter};

use super::violations::ANY;
use crate::html::{Address, Html, Tag, tag};
use crate::query::Query;
use crate::when::{DAY, HOUR};

/// Which reports are meant.
#[derive(Debug, Clone)]
pub(crate) struct Selection {
    site: Option<String>,
    policy: Option<String>,
    kind: Option<String>,
    what: Option<String>,
    text: Option<String>,
    noise: Option<NoiseFilter>,
    range: &'static Range,
    now: i64,
}

/// A time until now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Range {
    name: &'static str,
    title: &'static str,
    /// How long, in milliseconds; none means all there is.
    length: Option<i64>,
    /// What one bar of a chart stands for, in milliseconds.
    pub(crate) step: i64,
}

static RANGES: &[Range] = &[
    Range { name: "7d", title: "7 days", length: Some(7 * DAY), step: 4 * HOUR },
    Range { name: "24h", title: "24 hours", length: Some(DAY), step: HOUR },
    Range { name: "30d", title: "30 days", length: Some(30 * DAY), step: DAY },
    Range { name: "90d", title: "90 days", length: Some(90 * DAY), step: 2 * DAY },
    Range { name: "all", title: "all there is", length: None, step: 7 * DAY },
];

impl Selection {
    /// Reads what is meant.
    pub(crate) fn of(query: &Query, now: i64) -> Self {
        let text = |name: &str| query.text(name).filter(|text| text.len() <= LONGEST).map(str::to_owned);
        Self {
            site: text("site"),
            policy: text("policy"),
            kind: text("kind"),
            what: text("what"),
            text: text("text"),
            noise: match query.text("noise") {
                Some("only") => Some(NoiseFilter::Only),
                Some("with") => Some(NoiseFilter::Include),
                Some("without") => Some(NoiseFilter::Exclude),
                _ => None,
            },
            range: query
                .text("range")
                .and_then(|name| RANGES.iter().find(|range| range.name == name))
                .unwrap_or(&RANGES[0]),
            now,
        }
    }

    /// Returns the filter; noise is left out unless it is asked for.
    pub(crate) fn filter(&self) -> Filter {
        Filter {
            site: self.site.clone(),
            policy: self.policy.clone(),
            kind: self.kind.clone(),
            what: self.what.clone(),
            text: self.text.clone(),
            since: self.since(),
            noise: self.noise(NoiseFilter::Exclude),
            ..Filter::default()
        }
    }

    /// Returns what becomes of noise, unless something else was asked for.
    pub(crate) fn noise(&self, otherwise: NoiseFilter) -> NoiseFilter {
        self.noise.unwrap_or(otherwise)
    }

    /// Returns when the time begins.
    pub(crate) fn since(&self) -> Option<i64> {
        self.range.length.map(|length| self.now - length)
    }

    /// Returns the time.
    pub(crate) const fn range(&self) -> &'static Range {
        self.range
    }

    /// Returns the site, if one is meant.
    pub(crate) fn site(&self) -> Option<&str> {
        self.site.as_deref()
    }

    /// Returns the kind, if one is meant.
    pub(crate) fn kind(&self) -> Option<&str> {
        self.kind.as_deref()
    }

    /// Means a kind, where none is meant.
    pub(crate) fn or_kind(mut self, kind: &str) -> Self {
        self.kind.get_or_insert_with(|| kind.to_owned());
        self
    }

    /// Whether anything but a time is meant.
    pub(crate) fn is_narrow(&self) -> bool {
        let texts = [&self.site, &self.policy, &self.what, &self.text];
        let has_kind = self.kind.as_deref().is_some_and(|kind| kind != ANY);
        has_kind || texts.iter().any(|text| text.is_some()) || self.noise == Some(NoiseFilter::Only)
    }

    /// Returns the address of a page with the same words.
    pub(crate) fn address(&self, path: &'static str) -> Address {
        self.pairs().into_iter().fold(Address::of(path), |address, (name, value)| address.with(name, value))
    }

    /// Returns the words.
    pub(crate) fn pairs(&self) -> Vec<(&'static str, &str)> {
        let texts = [
            ("site", &self.site),
            ("policy", &self.policy),
            ("kind", &self.kind),
            ("what", &self.what),
            ("text", &self.text),
        ];
        let mut pairs: Vec<_> = texts.iter().filter_map(|(name, text)| Some((*name, text.as_deref()?))).collect();
        match self.noise {
            Some(NoiseFilter::Only) => pairs.push(("noise", "only")),
            Some(NoiseFilter::Include) => pairs.push(("noise", "with")),
            Some(NoiseFilter::Exclude) | None => {}
        }
        if self.range != &RANGES[0] {
            pairs.push(("range", self.range.name));
        }
        pairs
    }

    /// Returns hidden fields for a form that must keep the words.
    pub(crate) fn hidden(&self) -> Html {
        let field = |(name, value): &(&'static str, &str)| {
            tag("input").set("type", "hidden").set("name", name).set("value", value)
        };
        Html::all(self.pairs().iter().map(field))
    }

    /// Returns the field for the time.
    pub(crate) fn range_field(&self) -> Tag {
        let ranges = RANGES.iter().map(|range| (range.name, range.title));
        choice("range", "Time", ranges, self.range.name)
    }

    /// Returns the field for the site.
    pub(crate) fn site_field<'a>(&self, sites: impl IntoIterator<Item = &'a str>) -> Tag {
        let sites = sites.into_iter().take(MOST_SITES).map(|site| (site, site));
        choice("site", "Site", std::iter::once(("", "All sites")).chain(sites), self.site().unwrap_or_default())
    }

    /// Returns the field for a piece of text.
    pub(crate) fn text_field(&self) -> Tag {
        field("text", "Contains", self.text.as_deref().unwrap_or_default())
    }

    /// Returns the field for noise.
    pub(crate) fn noise_field(&self) -> Tag {
        let chosen = match self.noise {
            Some(NoiseFilter::Only) => "only",
            Some(NoiseFilter::Include) => "with",
            Some(NoiseFilter::Exclude) | None => "",
        };
        choice("noise", "Noise", [("", "Without noise"), ("only", "Noise alone"), ("with", "Both")], chosen)
    }
}

/// Returns a labelled field of text.
pub(crate) fn field(name: &'static str, label: &str, value: &str) -> Tag {
    let input = tag("input").set("type", "search").set("name", name).set("value", value).set("maxlength", "300");
    tag("label").put(tag("span").put(label)).put(input)
}

/// Returns a labelled choice.
pub(crate) fn choice<'a>(
    name: &'static str,
    label: &str,
    options: impl IntoIterator<Item = (&'a str, &'a str)>,
    chosen: &str,
) -> Tag {
    let mut select = tag("select").set("name", name);
    let mut is_there = false;
    for (value, title) in options {
        is_there |= value == chosen;
        select = select.put(option(value, title, value == chosen));
    }
    if !is_there {
        select = select.put(option(chosen, chosen, true));
    }
    tag("label").put(tag("span").put(label)).put(select)
}

fn option(value: &str, title: &str, is_chosen: bool) -> Tag {
    tag("option").set("value", value).flag("selected", is_chosen).put(crate::html::short(title, 80))
}

/// Returns a form of fields that asks this page again.
pub(crate) fn filters(path: &'static str, fields: impl IntoIterator<Item = Tag>) -> Tag {
    tag("form")
        .class("filters")
        .set("role", "search")
        .sends("get", &Address::of(path))
        .all(fields)
        .put(tag("button").set("type", "submit").put("Show"))
}

/// What somebody writes by hand is shorter.
const LONGEST: usize = 300;

/// The sites that a list offers; others are written into the address.
const MOST_SITES: usize = 200;
