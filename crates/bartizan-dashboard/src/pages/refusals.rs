//! What the wall refused, by reason and site, each reason explained.

use std::collections::BTreeMap;

use super::overview::{nothing, panel, plural};
use super::{Ask, Fault, Page, Place, Section};
use crate::access::Role;
use crate::chart::{Column, head, number, scrolled};
use crate::html::{Address, Html, short, tag};

pub(super) static PAGE: Page = Page {
    path: "/refusals",
    title: "Refusals",
    place: Place::Menu(Section::Wall),
    role: Role::Viewer,
    build,
    act: None,
};

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let wall = ask.wall()?;
    let about: BTreeMap<_, _> = wall.refusals().into_iter().map(|refusal| (refusal.about.id, refusal)).collect();
    let mut refused = wall.refused();
    refused.sort_by_key(|each| std::cmp::Reverse(each.count));
    let list = if refused.is_empty() {
        nothing("Nothing was refused since the start.")
    } else {
        let rows = refused.iter().take(MOST).map(|each| {
            let refusal = about.get(each.refusal);
            let address = Address::of("/rules/rule").with("id", each.refusal);
            tag("tr")
                .put(
                    tag("th")
                        .set("scope", "row")
                        .put(tag("a").to(&address).put(refusal.map_or(each.refusal, |refusal| refusal.about.title)))
                        .put(tag("p").class("meta").put(each.refusal)),
                )
                .put(tag("td").put(if each.site.is_empty() { "no site".into() } else { short(&each.site, 80) }))
                .put(
                    tag("td")
                        .class("number")
                        .put(refusal.map(|refusal| refusal.status.to_string()).unwrap_or_default()),
                )
                .put(tag("td").class("number").put(number(each.count)))
        });
        let head =
            head(&[Column::Text("Reason"), Column::Text("Site"), Column::Number("Status"), Column::Number("Requests")]);
        let table = tag("table").put(head).put(tag("tbody").all(rows));
        scrolled("Refusals", table)
    };
    let rows = wall.requests().into_iter().take(MOST).map(|each| {
        let name = if each.site.is_empty() { "no site".into() } else { short(&each.site, 80) };
        let counts = each.by_class.map(|count| tag("td").class("number").put(number(count)));
        tag("tr").put(tag("th").set("scope", "row").put(name)).all(counts)
    });
    let head = head(&[
        Column::Text("Site"),
        Column::Number("1xx"),
        Column::Number("2xx"),
        Column::Number("3xx"),
        Column::Number("4xx"),
        Column::Number("5xx"),
    ]);
    let requests = tag("table").put(head).put(tag("tbody").all(rows));
    let all: u64 = refused.iter().map(|each| each.count).sum();
    Ok(Html::all([
        Html::from(panel("refused", &format!("{} refused since the start", plural(all, "request")), list)),
        panel("requests", "Answers by site and status", scrolled("Answers by status", requests)).into(),
        tag("p")
            .class("meta")
            .put("Each refusal has a number on its page; the access log has it, with the reason.")
            .into(),
    ]))
}

const MOST: usize = 500;
