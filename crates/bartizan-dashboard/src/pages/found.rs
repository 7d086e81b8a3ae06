//! One request in which the firewall found something: which rules, and what they matched.

use super::firewall::outcome;
use super::overview::panel;
use super::{Ask, Fault, Page, Place};
use crate::access::Role;
use crate::html::{Html, Tag, short, tag};
use crate::wall::Fired;
use crate::when;

pub(super) static PAGE: Page = Page {
    path: "/firewall/request",
    title: "Request",
    place: Place::Below("/firewall"),
    role: Role::Viewer,
    build,
    act: None,
};

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let number = ask.query.text("number").ok_or(Fault::NotFound("request"))?;
    let found = ask.wall()?.found(number).ok_or(Fault::NotFound("request"))?;
    let millis = found.at.saturating_mul(1000);
    let client = if ask.may(Role::Operator) { short(&found.client, 100) } else { "shown to operators".into() };
    let score = found.score.map(|score| score.to_string()).unwrap_or_default();
    let facts: Vec<(&str, Html)> = vec![
        ("Number", short(&found.number, 100)),
        ("When", format!("{} UTC", when::minute(millis)).into()),
        ("Outcome", outcome(found.outcome).into()),
        ("Site", short(&found.site, 200)),
        ("Request", tag("code").put(short(&format!("{} {}", found.method, found.path), 1000)).into()),
        ("Client", client),
        ("Score", score.into()),
    ];
    let facts = facts.into_iter().filter(|(_, value)| *value != Html::nothing());
    let facts = facts.map(|(name, value)| tag("div").put(tag("dt").put(name)).put(tag("dd").put(value)));
    let mut page = Html::from(panel("facts", "What was asked", tag("dl").all(facts)));
    if found.is_exhausted {
        page.put(tag("p").class("notice").put("The limits on work were reached: not everything was looked at."));
    }
    page.put(panel("rules", "Rules that matched", Html::all(found.rules.iter().take(MOST).map(fired))));
    Ok(page)
}

fn fired(fired: &Fired) -> Tag {
    let severity = fired.severity.map(|severity| tag("span").class("mark").put(severity.to_lowercase()));
    let parts = fired.parts.iter().take(MOST).map(|(name, value)| {
        tag("div")
            .put(tag("dt").put(tag("code").put(short(name, 120))))
            .put(tag("dd").put(tag("code").put(short(value, 500))))
    });
    tag("article")
        .put(tag("h3").put(format!("{} ", fired.rule)).put(short(&fired.message, 300)).put(" ").all(severity))
        .put(tag("p").class("meta").put(short(&fired.place, 200)))
        .put(tag("dl").all(parts))
}

/// The rules of a request, and the parts of a rule, that are shown.
const MOST: usize = 50;
