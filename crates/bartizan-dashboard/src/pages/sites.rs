//! Every site: its grade, its app, what is reported of it.

use std::collections::BTreeMap;

use super::overview::{nothing, panel};
use super::{Ask, Fault, Page, Place, Section};
use crate::access::Role;
use crate::chart::{Column, head, number, scrolled};
use crate::html::{Address, Html, Tag, short, tag};
use crate::wall::Grade;
use crate::when;

pub(super) static PAGE: Page = Page {
    path: "/sites",
    title: "Sites",
    place: Place::Menu(Section::Browsers),
    role: Role::Viewer,
    build,
    act: None,
};

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let mut page = Html::from(panel("sites", "Every site", table(ask)?));
    if ask.wall().is_ok() {
        page.put(tag("p").class("meta").put(
            "A grade is what a visitor found when somebody last had the site looked at, and else that of the headers \
             which its settings put on an ordinary page; each site's page has both.",
        ));
    }
    Ok(page)
}

/// Returns the table of sites: those of the wall, and those that only the store knows.
pub(super) fn table(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let now = ask.now;
    let reported = if ask.has_store() { ask.store()?.sites()? } else { Vec::new() };
    let mut reported: BTreeMap<_, _> = reported.into_iter().map(|site| (site.site.clone(), site)).collect();
    let wall = ask.wall().ok();
    let mut rows = Vec::new();
    for site in wall.map(|wall| wall.sites()).unwrap_or_default().into_iter().take(MOST) {
        let summary = reported.remove(&site.name);
        let apps = site.upstreams.iter().map(|(address, is_up)| {
            let state = if *is_up {
                tag("span").class("mark fine").put("up")
            } else {
                tag("span").class("mark bad").put("down")
            };
            tag("span").class("app").put(state).put(" ").put(short(address, 80))
        });
        let address = Address::of("/sites/site").with("site", &site.name);
        let (reports, last) = summary.map_or((None, None), |summary| (Some(summary.reports), Some(summary.last_seen)));
        rows.push(
            tag("tr")
                .put(
                    tag("td").put(letter(
                        site.scanned.as_ref().and_then(|seen| seen.grade.as_ref()).or(site.grade.as_ref()),
                    )),
                )
                .put(tag("th").set("scope", "row").put(tag("a").to(&address).put(short(&site.name, 80))))
                .put(tag("td").all(apps))
                .put(tag("td").class("number").put(match (site.is_collected, reports) {
                    (_, Some(reports)) => number(reports),
                    (true, None) => "none yet".to_owned(),
                    (false, None) => "not collected".to_owned(),
                }))
                .put(tag("td").class("day").put(last.map_or_else(Html::nothing, |last| when::ago(last, now)))),
        );
    }
    for (name, summary) in reported.into_iter().take(MOST) {
        let address = Address::of("/violations").with("site", &name);
        rows.push(
            tag("tr")
                .put(tag("td").put(letter(None)))
                .put(tag("th").set("scope", "row").put(tag("a").to(&address).put(short(&name, 80))))
                .put(tag("td").put(if wall.is_some() { "not of this wall" } else { "" }))
                .put(tag("td").class("number").put(number(summary.reports)))
                .put(tag("td").class("day").put(when::ago(summary.last_seen, now))),
        );
    }
    if rows.is_empty() {
        return Ok(nothing("There is no site yet."));
    }
    let head = head(&[
        Column::Text("Grade"),
        Column::Text("Site"),
        Column::Text("App"),
        Column::Number("Reports"),
        Column::Text("Last report"),
    ]);
    Ok(scrolled("Sites", tag("table").put(head).put(tag("tbody").all(rows))))
}

/// Returns a grade as a letter in its colour.
pub(super) fn letter(grade: Option<&Grade>) -> Tag {
    let Some(grade) = grade else { return tag("span").class("letter none").set("title", "not graded").put("–") };
    let class = match grade.letter.chars().next() {
        Some('A') => "letter good",
        Some('B' | 'C') => "letter fair",
        _ => "letter poor",
    };
    let title = format!("{} points, {}", grade.score, grade.authority);
    tag("span").class(class).set("title", &title).put(&grade.letter)
}

/// The lines of the table.
const MOST: usize = 500;
