//! One group: what it is about, the pages it breaks, samples as browsers sent them.

use bartizan_reports::formats::KINDS;
use bartizan_reports::store::StoredSample;

use super::overview::{nothing, panel, plural};
use super::violations::marks;
use super::{Ask, Fault, Page, Place};
use crate::access::Role;
use crate::chart::{Bar, bars, number, scrolled};
use crate::html::{Address, Html, Tag, lines, short, tag};
use crate::when;

pub(super) static PAGE: Page = Page {
    path: "/violations/group",
    title: "Group of reports",
    place: Place::Below("/violations"),
    role: Role::Viewer,
    build,
    act: None,
};

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let id = ask.query.text("id").and_then(|id| id.parse().ok()).ok_or(Fault::NotFound("group"))?;
    let now = ask.now;
    let store = ask.store()?;
    let group = store.group(id)?.ok_or(Fault::NotFound("group"))?;
    let pages = store.pages(id)?;
    let samples = store.samples(id)?;
    let is_rare = store.sites()?.iter().any(|site| site.site == group.site && group.is_rare(site));

    let subject = &group.subject;
    let about =
        KINDS.iter().find(|kind| kind.name == subject.kind).map_or("a kind that is not known", |kind| kind.about);
    let facts: [(&str, Html); 9] = [
        ("Kind", Html::all([Html::from(tag("code").put(short(&subject.kind, 80))), format!(": {about}").into()])),
        ("What happened", code(&subject.what)),
        ("To what", code(&subject.target)),
        ("By which code", code(&subject.source)),
        ("Site", short(&group.site, 120)),
        ("Version of the policy", short(&group.policy, 120)),
        (
            "Reports",
            format!("{}, from about {}", number(group.count), plural(group.clients.estimate(), "client")).into(),
        ),
        (
            "First seen",
            Html::all([when::ago(group.first_seen, now), format!(", {} UTC", when::minute(group.first_seen)).into()]),
        ),
        (
            "Last seen",
            Html::all([when::ago(group.last_seen, now), format!(", {} UTC", when::minute(group.last_seen)).into()]),
        ),
    ];
    let facts = facts.into_iter().filter(|(_, value)| *value != Html::nothing());
    let facts = facts.map(|(name, value)| tag("div").put(tag("dt").put(name)).put(tag("dd").put(value)));
    let mut page = Html::from(tag("p").class("meta").all(marks(&group, is_rare)));
    page.put(panel("facts", "What it is about", tag("dl").all(facts)));
    if subject.kind == "csp-violation" {
        let site = Address::of("/policy").with("site", &group.site);
        let try_out = tag("a").to(&site).put("try out a policy over the reports of this site");
        page.put(tag("p").put("Is it wanted? Then ").put(try_out).put(" and see what it would still block."));
    }
    let counted: u64 = pages.iter().map(|page| page.count).sum();
    let broken = pages.iter().map(|page| Bar { name: short(&page.page, 300), to: None, count: page.count }).collect();
    let list =
        if pages.is_empty() { nothing("No page was named.") } else { bars("Pages", ["Page", "Reports"], broken) };
    page.put(panel("pages", if subject.kind == "csp-violation" { "Pages that it breaks" } else { "Pages" }, list));
    if counted < group.count && !pages.is_empty() {
        page.put(tag("p").class("meta").put(format!("{} more on pages beyond these.", number(group.count - counted))));
    }
    let list: Html = if samples.is_empty() {
        nothing("No sample was kept.")
    } else {
        Html::all(samples.iter().enumerate().map(|(at, stored)| sample(stored, at == 0, now)))
    };
    page.put(panel("samples", "Samples", list));
    Ok(page)
}

fn code(text: &str) -> Html {
    if text.is_empty() { Html::nothing() } else { tag("code").put(short(text, 1000)).into() }
}

fn sample(stored: &StoredSample, is_open: bool, now: i64) -> Tag {
    let sample = &stored.sample;
    let body = serde_json::from_str::<serde_json::Value>(&sample.body);
    let body = body.and_then(|body| serde_json::to_string_pretty(&body)).unwrap_or_else(|_| sample.body.clone());
    let head = tag("summary").put(when::ago(sample.received, now)).put(" · ").put(short(&sample.url, 200));
    let age = sample.age.map(|age| format!("; it had happened {} s before", age / 1000)).unwrap_or_default();
    let cut: String = body.chars().take(LONGEST).collect();
    tag("details")
        .flag("open", is_open)
        .put(head)
        .put(tag("p").class("meta").put(format!("Came {} UTC{age}", when::minute(sample.received))))
        .put(tag("p").class("meta").put("Browser: ").put(short(&sample.user_agent, 300)))
        .put(scrolled("Body of the report", tag("pre").put(tag("code").put(lines(&cut)))))
}

/// What is shown of a body, in characters; the command line has the rest.
const LONGEST: usize = 20_000;
