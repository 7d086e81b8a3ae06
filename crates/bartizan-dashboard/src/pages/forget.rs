//! Forgetting reports: what would go, and the button that does it.

use bartizan_reports::store::Filter;

use super::overview::plural;
use super::{Ask, Fault, Page, Place, Selection};
use crate::access::Role;
use crate::html::{Address, Html, tag};

pub(super) static PAGE: Page = Page {
    path: "/violations/forget",
    title: "Forget reports",
    place: Place::Below("/violations"),
    role: Role::Operator,
    build,
    act: Some(act),
};

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let selection = Selection::of(ask.query, ask.now);
    let filter = meant(&selection)?;
    let totals = ask.store()?.totals(&filter)?;
    let words = selection.pairs();
    let words = words
        .iter()
        .map(|(name, value)| tag("div").put(tag("dt").put(*name)).put(tag("dd").put(crate::html::short(value, 200))));
    let form = tag("form")
        .sends("post", &Address::of(PAGE.path))
        .put(selection.hidden())
        .put(tag("button").class("danger").set("type", "submit").put("Forget them for good"));
    let what = format!(
        "{} in {} would be forgotten, with pages and samples:",
        plural(totals.reports, "report"),
        plural(totals.groups, "group")
    );
    Ok(Html::all([
        Html::from(tag("p").put(what)),
        tag("dl").all(words).into(),
        form.into(),
        tag("p").put(tag("a").to(&selection.address("/violations")).put("Back, keep them")).into(),
    ]))
}

fn act(ask: &mut Ask<'_>) -> Result<Address, Fault> {
    let filter = meant(&Selection::of(ask.query, ask.now))?;
    let store = ask.store()?;
    let groups = store.purge(&filter)?;
    tracing::info!(groups, "groups of reports were forgotten from the dashboard");
    store.vacuum()?;
    Ok(Address::of("/violations"))
}

/// A form without words would forget everything.
fn meant(selection: &Selection) -> Result<Filter, Fault> {
    if !selection.is_narrow() {
        return Err(Fault::Unclear("say which reports: by site, kind, directive, text, or noise alone"));
    }
    let filter = selection.filter();
    let is_any = filter.kind.as_deref() == Some(super::violations::ANY);
    Ok(Filter { kind: filter.kind.filter(|_| !is_any), ..filter })
}
