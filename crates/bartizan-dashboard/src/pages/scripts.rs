//! The scripts that pages load, as reports tell of them: by origin, with when each was first seen.

use std::collections::BTreeMap;

use bartizan_reports::sketch::Sketch;
use bartizan_reports::store::{Filter, Group, Order, Store};
use url::Url;

use super::overview::{nothing, panel};
use super::selection::filters;
use super::{Ask, Fault, Page, Place, Section, Selection};
use crate::access::Role;
use crate::chart::{Column, head, number, scrolled};
use crate::html::{Html, prose, short, tag};
use crate::listing::Part;
use crate::when;

pub(super) static PAGE: Page = Page {
    path: "/scripts",
    title: "Scripts",
    place: Place::Menu(Section::Browsers),
    role: Role::Viewer,
    build,
    act: None,
};

/// Where scripts come from, and what is known of them.
#[derive(Debug)]
struct Origin {
    groups: Vec<Group>,
    reports: u64,
    first_seen: i64,
    last_seen: i64,
    clients: Sketch,
}

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let selection = Selection::of(ask.query, ask.now);
    let part = Part::of(ask.query);
    let now = ask.now;
    let store = ask.store()?;
    let sites = store.sites()?;
    let form = filters(
        PAGE.path,
        [
            selection.site_field(sites.iter().map(|site| site.site.as_str())),
            selection.text_field(),
            selection.noise_field(),
            selection.range_field(),
        ],
    );
    let mut origins: Vec<_> = origins(store, &selection.filter())?.into_iter().collect();
    origins.sort_by_key(|(name, origin)| (std::cmp::Reverse(origin.first_seen), name.clone()));
    let mut rows = Vec::new();
    for (name, origin) in part.cut(&origins) {
        let mut pages = BTreeMap::new();
        for group in origin.groups.iter().take(MOST_ASKED) {
            for page in store.pages(group.id)? {
                *pages.entry(page.page).or_insert(0_u64) += page.count;
            }
        }
        let address = selection.address("/scripts/origin").with("origin", name);
        let is_new = now - origin.first_seen < when::DAY;
        let mark = is_new.then(|| tag("span").class("mark new").put("new"));
        let first = pages.iter().max_by_key(|(_, count)| **count).map(|(page, _)| short(page, 80));
        let more = pages.len().saturating_sub(1);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        rows.push(
            tag("tr")
                .put(tag("th").set("scope", "row").put(tag("a").to(&address).put(short(name, 120))).put(" ").all(mark))
                .put(tag("td").class("day").put(when::day(origin.first_seen)))
                .put(tag("td").class("day").put(when::ago(origin.last_seen, now)))
                .put(tag("td").class("number").put(number(origin.reports)))
                .put(tag("td").class("number").put(number(origin.clients.estimate())))
                .put(tag("td").put(first.unwrap_or_else(|| "none named".into())).put(more)),
        );
    }
    let list = if rows.is_empty() {
        nothing("No report speaks of a script in this time.")
    } else {
        let head = head(&[
            Column::Text("Origin"),
            Column::Text("First seen"),
            Column::Text("Last seen"),
            Column::Number("Reports"),
            Column::Number("Clients"),
            Column::Text("Pages"),
        ]);
        let table = tag("table").put(head).put(tag("tbody").all(rows));
        Html::all([scrolled("Scripts by origin", table), part.ways(origins.len(), &selection.address(PAGE.path))])
    };
    let what = "What reports tell of scripts: those that a policy blocked or would have blocked, and, where a policy asks \
                for `report-sha256`, those that ran. The newest come first: an origin that nobody knows is worth a look.";
    Ok(Html::all([Html::from(tag("p").put(prose(what))), form.into(), panel("scripts", "By origin", list).into()]))
}

/// Returns groups about scripts, by where the scripts come from.
fn origins(store: &mut dyn Store, filter: &Filter) -> Result<BTreeMap<String, Origin>, Fault> {
    let mut origins: BTreeMap<String, Origin> = BTreeMap::new();
    for group in about_scripts(store, filter)? {
        let origin = origins.entry(origin_of(&group.subject.target)).or_insert_with(|| Origin {
            groups: Vec::new(),
            reports: 0,
            first_seen: group.first_seen,
            last_seen: group.last_seen,
            clients: Sketch::default(),
        });
        origin.reports += group.count;
        origin.first_seen = origin.first_seen.min(group.first_seen);
        origin.last_seen = origin.last_seen.max(group.last_seen);
        origin.clients.merge(&group.clients);
        origin.groups.push(group);
    }
    Ok(origins)
}

/// Returns the groups that speak of scripts, a bounded number of them.
pub(super) fn about_scripts(store: &mut dyn Store, filter: &Filter) -> Result<Vec<Group>, Fault> {
    let mut groups = Vec::new();
    for what in DIRECTIVES {
        let kind = Some("csp-violation".to_owned());
        let filter =
            Filter { kind, what: Some((*what).to_owned()), order: Order::Count, limit: MOST_GROUPS, ..filter.clone() };
        groups.extend(store.groups(&filter)?);
    }
    for kind in ["csp-hash", "integrity-violation"] {
        let filter = Filter { kind: Some(kind.to_owned()), order: Order::Count, limit: MOST_GROUPS, ..filter.clone() };
        groups.extend(store.groups(&filter)?);
    }
    Ok(groups)
}

/// Returns scheme and host of an address, or the word that stands for a script without one.
pub(super) fn origin_of(target: &str) -> String {
    match Url::parse(target) {
        Ok(url) if url.has_host() => url.origin().ascii_serialization(),
        _ if target.is_empty() => "not told".to_owned(),
        _ => target.to_owned(),
    }
}

/// The directives that speak of scripts.
const DIRECTIVES: &[&str] = &["script-src", "script-src-elem", "script-src-attr", "worker-src"];

/// The groups of one directive that are looked at.
const MOST_GROUPS: usize = 2000;

/// The groups of one origin whose pages are asked for.
const MOST_ASKED: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_belongs_to_an_origin_or_to_a_word() {
        for (target, expected) in [
            ("https://cdn.example/a/b.js", "https://cdn.example"),
            ("https://cdn.example:8443/a.js", "https://cdn.example:8443"),
            ("http://[::1]:81/a.js", "http://[::1]:81"),
            ("https://cdn.example:443/a.js", "https://cdn.example"),
            ("inline", "inline"),
            ("eval", "eval"),
            ("data", "data"),
            ("", "not told"),
        ] {
            assert_eq!(origin_of(target), expected);
        }
    }
}
