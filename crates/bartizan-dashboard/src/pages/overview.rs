//! The first look: how much was reported, by what, what the wall refused, how sites stand.

use std::collections::BTreeMap;

use bartizan_reports::store::{Fact, Filter, NoiseFilter, Store};

use super::selection::filters;
use super::{Ask, Fault, Page, Place, Section, Selection, certificates, sites};
use crate::access::Role;
use crate::chart::{Bar, Stretch, bars, number, timeline};
use crate::html::{Address, Html, Tag, prose, short, tag};
use crate::wall::WallView;

pub(super) static PAGE: Page =
    Page { path: "/", title: "Overview", place: Place::Menu(Section::Browsers), role: Role::Viewer, build, act: None };

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let selection = Selection::of(ask.query, ask.now);
    let wall = ask.wall().ok();
    let mut page = Html::nothing();
    let mut tiles = Vec::new();
    let mut panels = Vec::new();
    if ask.has_store() {
        let now = ask.now;
        let store = ask.store()?;
        let names: Vec<_> = store.sites()?.into_iter().map(|site| site.site).collect();
        let fields = [selection.site_field(names.iter().map(String::as_str)), selection.range_field()];
        page.put(filters(PAGE.path, fields));
        tiles.extend(reported(store, &selection)?);
        panels.push(over_time(store, &selection, now)?);
        panels.push(by_directive(store, &selection)?);
    } else if wall.is_none() {
        return Err(Fault::NoReports);
    }
    if let Some(wall) = wall {
        tiles.extend(walls(wall, ask.now));
        panels.push(refusals(wall));
        panels.push(firewall(wall));
    }
    if !ask.has_store() {
        panels.push(panel("reports", "Reports", Fault::NoReports.told()));
    }
    page.put(tag("ul").class("tiles").set("id", "sums").set("data-live", "").all(tiles));
    page.put(tag("div").class("panels").all(panels));
    page.put(panel("standing", "Sites", sites::table(ask)?));
    Ok(page)
}

fn tile(name: &str, value: String, detail: &str, address: &Address) -> Tag {
    let link = tag("a").to(address).put(tag("span").put(name)).put(tag("b").put(value)).put(tag("small").put(detail));
    tag("li").put(link)
}

/// Returns a part of the page that renews itself.
pub(super) fn panel(id: &'static str, title: &str, content: impl Into<Html>) -> Tag {
    let section = tag("section").class("panel").set("id", id).set("data-live", "");
    section.put(tag("h2").put(title)).put(content)
}

fn reported(store: &mut dyn Store, selection: &Selection) -> Result<Vec<Tag>, Fault> {
    let filter = selection.filter();
    let kinds = store.tally(&filter, Fact::Kind, 100)?;
    let noise = store.tally(&Filter { noise: NoiseFilter::Only, ..filter }, Fact::Kind, 100)?;
    let of = |kind: &str| {
        kinds.iter().find(|tally| tally.value == kind).map_or((0, 0), |tally| (tally.reports, tally.groups))
    };
    let (violations, groups) = of("csp-violation");
    let (network, hosts) = of("network-error");
    let all: u64 = kinds.iter().map(|tally| tally.reports).sum();
    let noise: u64 = noise.iter().map(|tally| tally.reports).sum();
    let list = selection.address("/violations");
    Ok(vec![
        tile("Violations", number(violations), &format!("in {}", plural(groups, "group")), &list),
        tile("Network errors", number(network), &format!("in {}", plural(hosts, "group")), &Address::of("/network")),
        tile(
            "Other reports",
            number(all - violations - network),
            "of every other kind",
            &list.clone().with("kind", "any"),
        ),
        tile("Noise", number(noise), "kept apart, never lost", &list.with("noise", "only")),
    ])
}

fn over_time(store: &mut dyn Store, selection: &Selection, now: i64) -> Result<Tag, Fault> {
    let mut stretches: BTreeMap<i64, Vec<u64>> = BTreeMap::new();
    let step = selection.range().step;
    let begin = |at: i64| at - at.rem_euclid(step);
    let filter = selection.filter();
    let violations = Filter { kind: Some("csp-violation".to_owned()), ..filter.clone() };
    let mut counts = |place: usize, filter: &Filter| -> Result<(), Fault> {
        for point in store.series(filter)? {
            let counts = stretches.entry(begin(point.hour)).or_insert_with(|| vec![0; 3]);
            if let Some(count) = counts.get_mut(place) {
                *count += point.count;
            }
        }
        Ok(())
    };
    counts(0, &violations)?;
    counts(1, &filter)?;
    counts(2, &Filter { noise: NoiseFilter::Only, ..filter })?;
    // What is no violation is what is left of all.
    for counts in stretches.values_mut() {
        if let [violations, all, _] = counts.as_mut_slice() {
            *all = all.saturating_sub(*violations);
        }
    }
    if stretches.is_empty() {
        return Ok(panel("over-time", "Reports over time", nothing(NO_REPORTS)));
    }
    let first = selection.since().or_else(|| stretches.keys().next().copied()).unwrap_or(now);
    let mut at = begin(first).max(begin(now) - (MOST_STRETCHES - 1) * step);
    let mut drawn = Vec::new();
    while at <= now {
        drawn.push(Stretch { from: at, counts: stretches.remove(&at).unwrap_or_else(|| vec![0; 3]) });
        at += step;
    }
    let chart = timeline("Reports over time", &["violations", "other reports", "noise"], &drawn);
    Ok(panel("over-time", "Reports over time", chart))
}

fn by_directive(store: &mut dyn Store, selection: &Selection) -> Result<Tag, Fault> {
    let filter = Filter { kind: Some("csp-violation".to_owned()), ..selection.filter() };
    let tallies = store.tally(&filter, Fact::What, LINES)?;
    if tallies.is_empty() {
        return Ok(panel(
            "by-directive",
            "Violations by directive",
            nothing("No violation was reported in this time."),
        ));
    }
    let lines = tallies.iter().map(|tally| Bar {
        name: if tally.value.is_empty() { "not told".into() } else { short(&tally.value, 60) },
        to: (!tally.value.is_empty()).then(|| selection.address("/violations").with("what", &tally.value)),
        count: tally.reports,
    });
    let chart = bars("Violations by directive", ["Directive", "Reports"], lines.collect());
    Ok(panel("by-directive", "Violations by directive", chart))
}

fn walls(wall: &dyn WallView, now: i64) -> Vec<Tag> {
    let refused: u64 = wall.refused().iter().map(|each| each.count).sum();
    let requests: u64 = wall.requests().iter().flat_map(|each| each.by_class).sum();
    let (places, _) = wall.places();
    let found = wall.matches(MOST_MATCHES).len();
    let found = if found >= MOST_MATCHES { format!("{}+", number(MOST_MATCHES as u64)) } else { number(found as u64) };
    let (next, detail) = certificates::next(&wall.certificates(), now);
    vec![
        tile(
            "Refused",
            number(refused),
            &format!("of {} since the start", plural(requests, "request")),
            &Address::of("/refusals"),
        ),
        tile(
            "Firewall",
            found,
            &format!("requests, in {}", plural(places.len() as u64, "place")),
            &Address::of("/firewall"),
        ),
        tile("Certificates", next, &detail, &Address::of("/certificates")),
    ]
}

fn refusals(wall: &dyn WallView) -> Tag {
    let mut sums: BTreeMap<&'static str, u64> = BTreeMap::new();
    for each in wall.refused() {
        *sums.entry(each.refusal).or_default() += each.count;
    }
    if sums.is_empty() {
        return panel("refused", "Refusals by reason", nothing("Nothing was refused since the start."));
    }
    let lines = sums.into_iter().map(|(id, count)| Bar {
        name: id.into(),
        to: Some(Address::of("/rules/rule").with("id", id)),
        count,
    });
    let mut lines: Vec<_> = lines.collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.count));
    lines.truncate(LINES);
    panel("refused", "Refusals by reason", bars("Refusals by reason", ["Reason", "Requests"], lines))
}

fn firewall(wall: &dyn WallView) -> Tag {
    let mut sums: BTreeMap<(u64, String), u64> = BTreeMap::new();
    for place in wall.places().0 {
        *sums.entry((place.rule, place.message)).or_default() += place.matched;
    }
    if sums.is_empty() {
        return panel("matches", "Firewall by rule", nothing("No rule of the firewall matched since the start."));
    }
    let lines = sums.into_iter().map(|((rule, message), count)| Bar {
        name: short(&format!("{rule} {message}"), 80),
        to: Some(Address::of("/firewall").with("rule", &rule.to_string())),
        count,
    });
    let mut lines: Vec<_> = lines.collect();
    lines.sort_by_key(|line| std::cmp::Reverse(line.count));
    lines.truncate(LINES);
    panel("matches", "Firewall by rule", bars("Firewall by rule", ["Rule", "Matches"], lines))
}

/// Says that a list is empty.
pub(super) fn nothing(text: &'static str) -> Html {
    tag("p").class("nothing").put(prose(text)).into()
}

/// Returns a number with its noun.
pub(super) fn plural(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", number(count), if count == 1 { "" } else { "s" })
}

/// What a new user wants to know first.
const NO_REPORTS: &str = "Nothing was reported in this time. Browsers report what a site's policy forbids, or would \
                          forbid, and this page shows it as it comes: open a site in a browser to see whether it does.";

/// The lines of a list in a panel.
const LINES: usize = 8;

/// The bars of a chart, so that each can be told from its neighbour on a small screen.
const MOST_STRETCHES: i64 = 60;

/// The requests that are counted for a first look.
const MOST_MATCHES: usize = 500;
