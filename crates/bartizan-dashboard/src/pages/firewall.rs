//! The firewall: where its rules match, and the last requests in which they did.

use super::overview::{nothing, panel, plural};
use super::selection::{choice, field, filters};
use super::{Ask, Fault, Page, Place, Section};
use crate::access::Role;
use crate::chart::{Column, head, number, scrolled};
use crate::html::{Address, Html, Tag, lines, short, tag};
use crate::listing::Part;
use crate::wall::{Match, Outcome, Place as Where};
use crate::when;

pub(super) static PAGE: Page = Page {
    path: "/firewall",
    title: "Firewall",
    place: Place::Menu(Section::Wall),
    role: Role::Viewer,
    build,
    act: None,
};

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let wall = ask.wall()?;
    let site = ask.query.text("site");
    let rule = ask.query.text("rule").and_then(|rule| rule.parse::<u64>().ok());
    let text = ask.query.text("text").map(str::to_lowercase);
    let part = Part::of(ask.query);
    let has = |path: &str| text.as_ref().is_none_or(|text| path.to_lowercase().contains(text));
    let is_meant = |of: &str, path: &str| site.is_none_or(|site| site == of) && has(path);
    let (mut places, shed) = wall.places();
    places.retain(|place| is_meant(&place.site, &place.path) && rule.is_none_or(|rule| rule == place.rule));
    let mut matches = wall.matches(MOST_MATCHES);
    matches.retain(|found| {
        is_meant(&found.site, &found.path) && rule.is_none_or(|rule| found.rules.iter().any(|fired| fired.rule == rule))
    });

    let sites = wall.sites();
    let sites = sites.iter().map(|site| (site.name.as_str(), site.name.as_str()));
    let form = filters(
        PAGE.path,
        [
            choice("site", "Site", std::iter::once(("", "All sites")).chain(sites), site.unwrap_or_default()),
            field("rule", "Rule", &rule.map(|rule| rule.to_string()).unwrap_or_default()),
            field("text", "Path contains", ask.query.text("text").unwrap_or_default()),
        ],
    );
    let mut page = Html::from(form);
    let list: Html = if places.is_empty() {
        nothing("No rule of the firewall matched since the start.")
    } else {
        let head = head(&[
            Column::Text("Rule"),
            Column::Text("Where"),
            Column::Number("Matched"),
            Column::Number("Refused or would be"),
            Column::Number("Clients"),
            Column::Text("Exclude, if it is wanted"),
        ]);
        let rows = part.cut(&places).iter().map(row);
        let address = Address::of(PAGE.path).with_some("site", site).with_some("text", ask.query.text("text"));
        let address = address.with_some("rule", rule.map(|rule| rule.to_string()).as_deref());
        Html::all([
            scrolled("Places where rules matched", tag("table").put(head).put(tag("tbody").all(rows))),
            part.ways(places.len(), &address),
        ])
    };
    page.put(panel("places", "To review: where rules match", list));
    if shed > 0 {
        page.put(tag("p").class("meta").put(format!("{} more found no room in the table.", plural(shed, "place"))));
    }
    let shows_clients = ask.may(Role::Operator);
    let list: Html = if matches.is_empty() {
        nothing("No such request is kept.")
    } else {
        let columns = &[
            Column::Text("When"),
            Column::Text("Outcome"),
            Column::Text("Request"),
            Column::Text("Rules"),
            Column::Number("Score"),
            Column::Text("Client"),
        ];
        let head = head(columns.get(..if shows_clients { 6 } else { 5 }).unwrap_or_default());
        let rows = matches.iter().take(MOST_SHOWN).map(|found| request(found, shows_clients, ask.now));
        scrolled("Requests", tag("table").put(head).put(tag("tbody").all(rows)))
    };
    page.put(panel("matches", "The last requests", list));
    Ok(page)
}

fn row(place: &Where) -> Tag {
    // Rules that only add up what others found have nothing of their own to leave out.
    let adds_up = place.target.is_empty() || place.target.starts_with("TX:");
    let paste = (!adds_up).then(|| {
        let text = tag("pre").put(tag("code").put(lines(&exclusion(place))));
        tag("details").put(tag("summary").put("TOML")).put(text)
    });
    let last = Address::of("/firewall/request").with("number", &place.last);
    tag("tr")
        .put(
            tag("th")
                .set("scope", "row")
                .put(place.rule.to_string())
                .put(tag("p").class("meta").put(short(&place.message, 160))),
        )
        .put(
            tag("td").put(short(&place.path, 120)).put(
                tag("p")
                    .class("meta")
                    .put(short(&place.site, 80))
                    .put(" · ")
                    .put(tag("code").put(short(&place.target, 80))),
            ),
        )
        .put(tag("td").class("number").put(number(place.matched)))
        .put(tag("td").class("number").put(number(place.refused)))
        .put(tag("td").class("number").put(number(place.clients as u64)))
        .put(tag("td").all(paste).put(tag("a").to(&last).put("last request")))
}

/// Returns the text to paste; nothing is changed from here.
fn exclusion(place: &Where) -> String {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    format!(
        "[[site.waf.exclude]]\nrules = \"{}\"\ntarget = {}\nreason = {}",
        place.rule,
        text(&place.target),
        text(&place.message)
    )
}

fn request(found: &Match, shows_clients: bool, now: i64) -> Tag {
    let address = Address::of("/firewall/request").with("number", &found.number);
    let rules: Vec<_> = found.rules.iter().take(6).map(|fired| fired.rule.to_string()).collect();
    let line = format!("{} {}", found.method, found.path);
    let row = tag("tr")
        .put(tag("td").put(when::ago(found.at.saturating_mul(1000), now)))
        .put(tag("td").put(outcome(found.outcome)))
        .put(
            tag("th")
                .set("scope", "row")
                .put(tag("a").to(&address).put(short(&line, 120)))
                .put(tag("p").class("meta").put(short(&found.site, 80))),
        )
        .put(tag("td").put(rules.join(", ")))
        .put(tag("td").class("number").put(found.score.map(|score| score.to_string()).unwrap_or_default()));
    if shows_clients { row.put(tag("td").put(short(&found.client, 60))) } else { row }
}

/// Returns what was done, in its colour.
pub(super) fn outcome(outcome: Outcome) -> Tag {
    let (class, text) = match outcome {
        Outcome::Passed => ("mark", "passed"),
        Outcome::Refused => ("mark high", "refused"),
        Outcome::WouldRefuse => ("mark medium", "would be refused"),
    };
    tag("span").class(class).put(text)
}

const MOST_MATCHES: usize = 500;

const MOST_SHOWN: usize = 50;
