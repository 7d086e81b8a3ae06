//! Groups of reports: what browsers blocked and why, the most frequent first; noise is kept apart.

use std::collections::BTreeMap;

use bartizan_reports::store::{Fact, Filter, Group, NoiseFilter, Order};

use super::overview::{nothing, panel, plural};
use super::selection::{choice, filters};
use super::{Ask, Fault, Page, Place, Section, Selection};
use crate::access::Role;
use crate::chart::number;
use crate::html::{Address, Html, Tag, short, tag};
use crate::listing::Part;
use crate::when;

pub(super) static PAGE: Page = Page {
    path: "/violations",
    title: "Violations",
    place: Place::Menu(Section::Browsers),
    role: Role::Viewer,
    build,
    act: None,
};

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let selection = Selection::of(ask.query, ask.now).or_kind("csp-violation");
    let part = Part::of(ask.query);
    let (now, may_forget) = (ask.now, ask.may(Role::Operator));
    let order = match ask.query.text("order") {
        Some("last") => Order::LastSeen,
        Some("first") => Order::FirstSeen,
        _ => Order::Count,
    };
    let store = ask.store()?;
    let sites = store.sites()?;
    let mut filter = Filter { limit: part.needed(), order, ..selection.filter() };
    // A kind that no report has: all of them are meant.
    if selection.kind() == Some(ANY) {
        filter.kind = None;
    }
    let groups = store.groups(&filter)?;
    let totals = store.totals(&filter)?;
    let of_kind = Filter {
        kind: filter.kind.clone(),
        noise: filter.noise,
        since: filter.since,
        site: filter.site.clone(),
        ..Filter::default()
    };
    let directives = store.tally(&of_kind, Fact::What, MOST_CHOICES)?;
    let kinds = store.tally(&Filter { kind: None, ..of_kind.clone() }, Fact::Kind, MOST_CHOICES)?;
    let noise = store.totals(&Filter { noise: NoiseFilter::Only, ..filter.clone() })?;

    let order_field = choice(
        "order",
        "Order",
        [("", "Most reports"), ("last", "Last seen"), ("first", "Newest")],
        ask.query.text("order").unwrap_or_default(),
    );
    let form = filters(
        PAGE.path,
        [
            selection.site_field(sites.iter().map(|site| site.site.as_str())),
            kind_field(kinds.iter().map(|tally| tally.value.as_str()), selection.kind()),
            directive_field(directives.iter().map(|tally| tally.value.as_str()), ask.query.text("what")),
            selection.text_field(),
            selection.noise_field(),
            selection.range_field(),
            order_field,
        ],
    );
    let by_name: BTreeMap<_, _> = sites.iter().map(|site| (site.site.as_str(), site)).collect();
    let is_rare = |group: &Group| by_name.get(group.site.as_str()).is_some_and(|site| group.is_rare(site));
    let lines = part.cut(&groups).iter().map(|group| line(group, is_rare(group), now));
    let list: Html = if groups.is_empty() {
        nothing("Nothing was reported that fits.")
    } else {
        tag("ul").class("groups").all(lines).into()
    };
    let mut address = selection.address(PAGE.path);
    address = address.with_some("order", ask.query.text("order"));
    let title = format!("{} in {}", plural(totals.reports, "report"), plural(totals.groups, "group"));
    let mut page = Html::from(form);
    page.put(panel("groups", &title, Html::all([list, part.ways(groups.len(), &address)])));
    if filter.noise == NoiseFilter::Exclude && noise.groups > 0 {
        let apart = selection.address(PAGE.path).with("noise", "only");
        page.put(
            tag("p")
                .put(format!("{} of noise in {} ", plural(noise.reports, "report"), plural(noise.groups, "group")))
                .put("are kept apart: extensions, filters, injected code. ")
                .put(tag("a").to(&apart).put("Show it")),
        );
    }
    if may_forget && totals.groups > 0 && selection.is_narrow() {
        let forget = tag("a").class("danger").to(&selection.address("/violations/forget")).put("Forget these reports…");
        page.put(tag("p").put(forget));
    }
    Ok(page)
}

fn kind_field<'a>(kinds: impl Iterator<Item = &'a str>, chosen: Option<&str>) -> Tag {
    let all = [("csp-violation", "csp-violation"), (ANY, "Every kind")];
    let others = kinds.filter(|kind| *kind != "csp-violation").map(|kind| (kind, kind));
    choice("kind", "Kind", all.into_iter().chain(others), chosen.unwrap_or_default())
}

fn directive_field<'a>(directives: impl Iterator<Item = &'a str>, chosen: Option<&str>) -> Tag {
    let all = directives.filter(|name| !name.is_empty()).map(|name| (name, name));
    choice("what", "Directive or type", std::iter::once(("", "All")).chain(all), chosen.unwrap_or_default())
}

/// Returns a group as a line of a list.
pub(super) fn line(group: &Group, is_rare: bool, now: i64) -> Tag {
    let subject = &group.subject;
    let address = Address::of("/violations/group").with("id", &group.id.to_string());
    let name = tag("a")
        .to(&address)
        .put(tag("b").put(short(if subject.what.is_empty() { &subject.kind } else { &subject.what }, 60)))
        .put(" ")
        .put(tag("code").put(short(&subject.target, 160)));
    let meta = tag("p")
        .class("meta")
        .all(marks(group, is_rare))
        .put(short(&group.site, 80))
        .put(format!(" · {} · ", plural(group.clients.estimate(), "client")));
    let meta = if group.last_seen - group.first_seen < when::MINUTE {
        meta.put(when::ago(group.last_seen, now))
    } else {
        let (last, first) = (when::ago(group.last_seen, now), when::ago(group.first_seen, now));
        meta.put("last ").put(last).put(", first ").put(first)
    };
    let source =
        (!subject.source.is_empty()).then(|| tag("p").class("meta").put("by ").put(short(&subject.source, 160)));
    let count = tag("span").class("count").put(number(group.count)).put(tag("span").class("unseen").put(" reports"));
    tag("li").put(count).put(tag("div").put(tag("p").put(name)).all(source).put(meta))
}

/// Returns the words that mark a group.
pub(super) fn marks(group: &Group, is_rare: bool) -> Vec<Tag> {
    let mark = |class: &'static str, text: &str, title: &str| tag("span").class(class).set("title", title).put(text);
    let mut marks = Vec::new();
    if let Some(noise) = group.subject.noise {
        let name = format!("noise: {}", noise.as_str());
        marks.push(mark("mark noise", &name, "Not the site's doing, by what is known"));
    } else if is_rare {
        marks.push(mark(
            "mark noise",
            "rare",
            "So few of many visitors report it that a device of theirs is the likely cause",
        ));
    }
    if group.subject.disposition == "report" {
        marks.push(mark("mark", "report only", "The policy was watched, not enforced: nothing was blocked"));
    } else if group.subject.disposition == "enforce" {
        marks.push(mark("mark enforced", "blocked", "The policy was enforced"));
    }
    marks
}

/// What the field says for every kind; no kind has this name.
pub(super) const ANY: &str = "any";

/// The values that a field offers.
const MOST_CHOICES: usize = 60;
