//! Availability as browsers saw it: network errors by phase and type, weighed by how many each report stands for.

use std::collections::BTreeMap;

use bartizan_reports::store::{Filter, Group, Order, Store};

use super::overview::{nothing, panel, plural};
use super::selection::filters;
use super::violations::line;
use super::{Ask, Fault, Page, Place, Section, Selection};
use crate::access::Role;
use crate::chart::{Column, head, number, scrolled};
use crate::html::{Html, short, tag};

pub(super) static PAGE: Page = Page {
    path: "/network",
    title: "Network",
    place: Place::Menu(Section::Browsers),
    role: Role::Viewer,
    build,
    act: None,
};

/// What is known of one type of error.
#[derive(Debug, Default)]
struct Errors {
    reports: u64,
    requests: u64,
    groups: u64,
}

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let selection = Selection::of(ask.query, ask.now);
    let now = ask.now;
    let store = ask.store()?;
    let sites = store.sites()?;
    let fields = [
        selection.site_field(sites.iter().map(|site| site.site.as_str())),
        selection.text_field(),
        selection.range_field(),
    ];
    let form = filters(PAGE.path, fields);
    let kind = Some("network-error".to_owned());
    let filter = Filter { kind, order: Order::Count, limit: MOST_GROUPS, ..selection.filter() };
    let groups = store.groups(&filter)?;
    let mut types: BTreeMap<String, Errors> = BTreeMap::new();
    for group in &groups {
        let share = share(store, group)?;
        let errors = types.entry(group.subject.what.to_string()).or_default();
        errors.reports += group.count;
        errors.groups += 1;
        errors.requests += (group.count as f64 / share).round() as u64;
    }
    let whole: u64 = types.values().map(|errors| errors.requests).sum();
    let fine = types.get("ok").map_or(0, |errors| errors.requests);
    let mut rows: Vec<_> = types.iter().collect();
    rows.sort_by_key(|(_, errors)| std::cmp::Reverse(errors.requests));
    let rows = rows.into_iter().take(MOST_ROWS).map(|(name, errors)| {
        let percent = errors.requests as f64 * 100.0 / whole.max(1) as f64;
        tag("tr")
            .put(tag("th").set("scope", "row").put(tag("code").put(short(name, 60))))
            .put(tag("td").put(phase(name)))
            .put(tag("td").class("number").put(number(errors.reports)))
            .put(tag("td").class("number").put(number(errors.requests)))
            .put(tag("td").class("number").put(format!("{percent:.2} %")))
            .put(tag("td").class("number").put(number(errors.groups)))
    });
    let head = head(&[
        Column::Text("Type"),
        Column::Text("Phase"),
        Column::Number("Reports"),
        Column::Number("Requests (estimate)"),
        Column::Number("Share"),
        Column::Number("Groups"),
    ]);
    let table = tag("table").put(head).put(tag("tbody").all(rows));
    let availability = match (whole, fine) {
        (0, _) => "No browser reported on the network in this time.".to_owned(),
        // Without samples of what went well nothing is known of the whole.
        (_, 0) => format!(
            "{} failed, by estimate. No report tells of requests that went well, so there is no share: NEL's \
             success_fraction asks browsers for such samples.",
            plural(whole, "request")
        ),
        _ => format!(
            "{:.3} % available: {} of {} went well, by estimate from the fractions that browsers were asked for.",
            fine as f64 * 100.0 / whole as f64,
            number(fine),
            plural(whole, "request")
        ),
    };
    let mut page = Html::from(form);
    page.put(panel("availability", "Availability", tag("p").class("large").put(availability)));
    if groups.is_empty() {
        page.put(nothing("NEL has to be asked for by a header: `headers.nel` and `headers.report_to` of the site."));
        return Ok(page);
    }
    page.put(panel("types", "By type of error", scrolled("Network errors by type", table)));
    let lines =
        groups.iter().filter(|group| group.subject.what != "ok").take(MOST_LINES).map(|group| line(group, false, now));
    page.put(panel("errors", "By address", tag("ul").class("groups").all(lines)));
    let region =
        "Reports tell no region, and none is guessed from addresses of clients: those are hashed when they come.";
    page.put(tag("p").class("meta").put(region));
    Ok(page)
}

/// Returns the fraction of requests that reports of a group stand for: what the newest sample says (NEL, 5.4).
fn share(store: &mut dyn Store, group: &Group) -> Result<f64, Fault> {
    let newest = store.samples(group.id)?.into_iter().next();
    let body = newest.and_then(|stored| serde_json::from_str::<serde_json::Value>(&stored.sample.body).ok());
    let fraction = body.and_then(|body| {
        let says = |name: &str| body.get(name).and_then(serde_json::Value::as_f64);
        says("samplingFraction").or_else(|| says("sampling_fraction"))
    });
    // A forged fraction must not make billions of one report.
    Ok(fraction.filter(|fraction| (LEAST_SHARE..=1.0).contains(fraction)).unwrap_or(1.0))
}

/// Returns in which phase an error happens (NEL, 6).
fn phase(name: &str) -> &'static str {
    match name.split('.').next().unwrap_or_default() {
        "dns" => "name lookup",
        "tcp" | "tls" => "connection",
        "http" | "abandoned" => "request and answer",
        "ok" => "all went well",
        _ => "unknown",
    }
}

const MOST_GROUPS: usize = 500;

const MOST_ROWS: usize = 60;

const MOST_LINES: usize = 50;

/// One in ten thousand: fractions that busy sites ask for.
const LEAST_SHARE: f64 = 0.0001;
