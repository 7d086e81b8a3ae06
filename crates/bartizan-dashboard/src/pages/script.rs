//! One origin of scripts: what was loaded from there, and the pages that did.

use std::collections::BTreeMap;

use super::overview::{nothing, panel};
use super::scripts::{about_scripts, origin_of};
use super::violations::line;
use super::{Ask, Fault, Page, Place, Selection};
use crate::access::Role;
use crate::chart::{Bar, bars};
use crate::html::{Html, short, tag};

pub(super) static PAGE: Page = Page {
    path: "/scripts/origin",
    title: "Scripts of one origin",
    place: Place::Below("/scripts"),
    role: Role::Viewer,
    build,
    act: None,
};

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let selection = Selection::of(ask.query, ask.now);
    let wanted = ask.query.text("origin").ok_or(Fault::NotFound("origin"))?.to_owned();
    let now = ask.now;
    let store = ask.store()?;
    let mut groups = about_scripts(store, &selection.filter())?;
    groups.retain(|group| origin_of(&group.subject.target) == wanted);
    if groups.is_empty() {
        return Err(Fault::NotFound("origin"));
    }
    groups.sort_by_key(|group| std::cmp::Reverse(group.count));
    let mut pages: BTreeMap<String, u64> = BTreeMap::new();
    for group in groups.iter().take(MOST_ASKED) {
        for page in store.pages(group.id)? {
            *pages.entry(page.page).or_default() += page.count;
        }
    }
    let mut broken: Vec<_> =
        pages.into_iter().map(|(page, count)| Bar { name: short(&page, 300), to: None, count }).collect();
    broken.sort_by_key(|bar| std::cmp::Reverse(bar.count));
    broken.truncate(MOST_SHOWN);
    let list =
        if broken.is_empty() { nothing("No page was named.") } else { bars("Pages", ["Page", "Reports"], broken) };
    let lines = groups.iter().take(MOST_SHOWN).map(|group| line(group, false, now));
    Ok(Html::all([
        Html::from(tag("p").put(tag("code").put(short(&wanted, 300)))),
        panel("groups", "What was loaded from there", tag("ul").class("groups").all(lines)).into(),
        panel("pages", "Pages", list).into(),
    ]))
}

/// The groups whose pages are asked for.
const MOST_ASKED: usize = 100;

/// The lines of each list.
const MOST_SHOWN: usize = 100;
