//! One site: its names, its app, its grade and what rules find: from outside, and by its settings alone.

use bartizan_rules::Severity;
use bartizan_rules::catalog;

use super::overview::{nothing, panel, plural};
use super::raised;
use super::sites::letter;
use super::{Ask, Fault, Page, Place};
use crate::access::Role;
use crate::html::{Address, Html, Tag, short, tag};
use crate::wall::{Finding, Grade, Site};
use crate::when;

pub(super) static PAGE: Page = Page {
    path: "/sites/site",
    title: "Site",
    place: Place::Below("/sites"),
    role: Role::Viewer,
    build,
    act: Some(act),
};

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let site = meant(ask)?;
    let autopilot = ask.wall()?.autopilot(&site.name).map(|autopilot| raised::part(&autopilot, ask.now));
    let hosts = if site.hosts.is_empty() { "any name".to_owned() } else { site.hosts.join(", ") };
    let apps =
        site.upstreams.iter().map(|(address, is_up)| format!("{address} ({})", if *is_up { "up" } else { "down" }));
    let apps = apps.collect::<Vec<_>>().join(", ");
    let facts = [("Name", site.name.clone()), ("Answers to", hosts), ("App", apps)];
    let facts =
        facts.iter().map(|(name, value)| tag("div").put(tag("dt").put(*name)).put(tag("dd").put(short(value, 1000))));
    let links =
        [("/violations", "Violations"), ("/scripts", "Scripts"), ("/network", "Network"), ("/policy", "Policy")];
    let links =
        links.map(|(path, name)| tag("li").put(tag("a").to(&Address::of(path).with("site", &site.name)).put(name)));
    Ok(Html::all([
        panel("facts", "What it is", tag("dl").all(facts)).into(),
        Html::all(autopilot),
        panel("more", "What browsers say of it", tag("ul").class("links").all(links)).into(),
        panel("scanned", "As a visitor finds it", scanned(ask, &site)).into(),
        panel("settings", "By its settings alone", by_settings(&site)).into(),
    ]))
}

/// Has the site looked at.
fn act(ask: &mut Ask<'_>) -> Result<Address, Fault> {
    if !ask.may(Role::Operator) {
        return Err(Fault::NotAllowed(Role::Operator));
    }
    let site = meant(ask)?;
    ask.wall()?.scan(&site.name);
    Ok(Address::of(PAGE.path).with("site", &site.name))
}

fn meant(ask: &Ask<'_>) -> Result<Site, Fault> {
    let wanted = ask.query.text("site").ok_or(Fault::NotFound("site"))?;
    ask.wall()?.sites().into_iter().find(|site| site.name == wanted).ok_or(Fault::NotFound("site"))
}

fn scanned(ask: &Ask<'_>, site: &Site) -> Html {
    let button = if site.is_being_scanned {
        Html::from(tag("p").class("meta").set("role", "status").put("It is being looked at; that takes some seconds."))
    } else if ask.may(Role::Operator) {
        let name = tag("input").set("type", "hidden").set("name", "site").set("value", &site.name);
        let name_of = if site.scanned.is_some() { "Look again" } else { "Look now" };
        let button = tag("button").set("type", "submit").put(name_of);
        tag("form").sends("post", &Address::of(PAGE.path)).put(name).put(button).into()
    } else {
        Html::nothing()
    };
    let Some(seen) = &site.scanned else {
        let text = "Nobody has had the site looked at yet: over HTTPS, with the app behind it.";
        return Html::all([nothing(text), button]);
    };
    let unseen = seen.unseen.iter().map(|text| tag("li").put(short(text, 500)));
    let unseen = (!seen.unseen.is_empty())
        .then(|| Html::all([tag("p").put("Not everything could be seen:"), tag("ul").class("findings").all(unseen)]));
    let time = tag("p").class("meta").put("Looked at ").put(when::ago(seen.at, ask.now)).put(".");
    let found = findings(&seen.findings, "No rule finds a fault.");
    Html::all([graded(seen.grade.as_ref()), found].into_iter().chain(unseen).chain([time.into(), button]))
}

fn by_settings(site: &Site) -> Html {
    let found = findings(&site.findings, "No rule finds a fault in what these settings send.");
    let what = "The headers that these settings put on an ordinary page, if the app sends none.";
    Html::all([graded(site.grade.as_ref()), found, tag("p").class("meta").put(what).into()])
}

fn graded(grade: Option<&Grade>) -> Html {
    let grade = grade.map(|grade| {
        tag("p").class("graded").put(letter(Some(grade))).put(format!(" {} points, {}", grade.score, grade.authority))
    });
    grade.map_or_else(Html::nothing, Html::from)
}

fn findings(found: &[Finding], none: &'static str) -> Html {
    if found.is_empty() {
        return nothing(none);
    }
    let count = tag("p").put(plural(found.len() as u64, "finding"));
    Html::all([count, tag("ul").class("findings").all(found.iter().map(line))])
}

fn line(finding: &Finding) -> Tag {
    let title = catalog::find(finding.rule).map_or(finding.rule, |rule| rule.about.title);
    let address = Address::of("/rules/rule").with("id", finding.rule);
    tag("li")
        .put(severity(finding.severity))
        .put(" ")
        .put(tag("a").to(&address).put(title))
        .put(tag("p").class("meta").put(short(&finding.message, 500)))
}

/// Returns a severity in its colour.
pub(super) fn severity(severity: Severity) -> Tag {
    let class = match severity {
        Severity::High => "mark high",
        Severity::Medium => "mark medium",
        Severity::Low => "mark low",
        Severity::Info => "mark",
    };
    tag("span").class(class).put(severity.as_str())
}
