//! One rule or refusal: what it is, why it matters, how to mend it, where to read on.

use bartizan_rules::{Explanation, catalog};

use super::overview::panel;
use super::site::severity;
use super::{Ask, Fault, Page, Place};
use crate::access::Role;
use crate::html::{Html, Tag, lines, tag};

pub(super) static PAGE: Page =
    Page { path: "/rules/rule", title: "Rule", place: Place::Below("/rules"), role: Role::Viewer, build, act: None };

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let id = ask.query.text("id").ok_or(Fault::NotFound("rule"))?;
    if let Some(rule) = catalog::find(id) {
        let mut page = explained(
            &rule.about,
            Html::all([severity(rule.severity), tag("span").put(format!(" rule, {}", rule.topic.as_str()))]),
        );
        for (id, title, example) in [("bad", "Found here", rule.bad), ("good", "Not here", rule.good)] {
            page.put(panel(id, title, code(example.text().trim_end())));
        }
        return Ok(page);
    }
    let refusals = ask.wall().map(|wall| wall.refusals()).unwrap_or_default();
    let refusal = refusals.iter().find(|refusal| refusal.about.id == id).ok_or(Fault::NotFound("rule"))?;
    let status = tag("span").class("mark").put(refusal.status.to_string());
    Ok(explained(refusal.about, Html::all([status, tag("span").put(" refusal")])))
}

fn explained(about: &Explanation, what: Html) -> Html {
    let mut page = Html::from(tag("h2").put(about.title));
    page.put(tag("p").put(what).put(" ").put(tag("code").put(about.id)));
    page.put(tag("p").class("why").put(about.why));
    let fixes = about
        .fix
        .iter()
        .map(|(platform, text)| Html::all([Html::from(tag("h3").put(platform.name())), code(text).into()]));
    page.put(panel("fix", "How to mend it", Html::all(fixes)));
    let references = about
        .references
        .iter()
        .map(|reference| tag("li").put(tag("a").leads_to_reference(*reference).put(reference.to_string())));
    page.put(panel("references", "Read on", tag("ul").all(references)));
    page
}

fn code(text: &str) -> Tag {
    tag("pre").put(tag("code").put(lines(text)))
}
