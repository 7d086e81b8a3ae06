//! The catalogue: every rule by which sites and files are judged, and every reason to refuse a request.

use bartizan_rules::catalog;

use super::overview::{nothing, panel, plural};
use super::selection::{choice, field, filters};
use super::site::severity;
use super::{Ask, Fault, Page, Place, Section};
use crate::access::Role;
use crate::html::{Address, Html, Tag, tag};

pub(super) static PAGE: Page =
    Page { path: "/rules", title: "Rules", place: Place::Menu(Section::Work), role: Role::Viewer, build, act: None };

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let text = ask.query.text("text").map(str::to_lowercase);
    let topic = ask.query.text("topic");
    let has = |parts: [&str; 3]| {
        text.as_ref().is_none_or(|text| parts.iter().any(|part| part.to_lowercase().contains(text.as_str())))
    };
    let mut topics: Vec<&str> = catalog::rules().map(|rule| rule.topic.as_str()).collect();
    topics.dedup();
    let options = [("", "All"), (REFUSALS, "Refusals")].into_iter().chain(topics.iter().map(|topic| (*topic, *topic)));
    let mut page = Html::from(filters(
        PAGE.path,
        [
            field("text", "Contains", ask.query.text("text").unwrap_or_default()),
            choice("topic", "Topic", options, topic.unwrap_or_default()),
        ],
    ));
    let mut found = 0;
    if topic.is_none_or(|topic| topic == REFUSALS)
        && let Ok(wall) = ask.wall()
    {
        let refusals = wall.refusals();
        let meant = refusals.iter().filter(|refusal| has([refusal.about.id, refusal.about.title, refusal.about.why]));
        let lines: Vec<_> = meant
            .map(|refusal| {
                line(refusal.about.id, refusal.about.title, tag("span").class("mark").put(refusal.status.to_string()))
            })
            .collect();
        found += lines.len();
        section(&mut page, "refusals", "Refusals", lines);
    }
    for name in topics {
        if topic.is_some_and(|topic| topic != name) {
            continue;
        }
        let of_topic = catalog::rules().filter(|rule| rule.topic.as_str() == name);
        let meant = of_topic.filter(|rule| has([rule.about.id, rule.about.title, rule.about.why]));
        let lines: Vec<_> = meant.map(|rule| line(rule.about.id, rule.about.title, severity(rule.severity))).collect();
        found += lines.len();
        section(&mut page, name, name, lines);
    }
    if found == 0 {
        page.put(nothing("No rule and no refusal speaks of that."));
    }
    Ok(page)
}

fn section(page: &mut Html, id: &'static str, name: &str, lines: Vec<Tag>) {
    if lines.is_empty() {
        return;
    }
    let title = format!("{name} ({})", plural(lines.len() as u64, "entry").replace("entrys", "entries"));
    page.put(panel(id, &title, tag("ul").class("findings").all(lines)));
}

fn line(id: &str, title: &str, mark: Tag) -> Tag {
    let address = Address::of("/rules/rule").with("id", id);
    tag("li").put(mark).put(" ").put(tag("a").to(&address).put(title)).put(" ").put(tag("code").class("meta").put(id))
}

/// What the field says for refusals; no topic has this name.
const REFUSALS: &str = "refusals";
