//! One site: its names, its app, its grade and what rules find in its settings.

use bartizan_rules::Severity;
use bartizan_rules::catalog;

use super::overview::{nothing, panel, plural};
use super::raised;
use super::sites::letter;
use super::{Ask, Fault, Page, Place};
use crate::access::Role;
use crate::html::{Address, Html, Tag, short, tag};
use crate::wall::Finding;

pub(super) static PAGE: Page =
    Page { path: "/sites/site", title: "Site", place: Place::Below("/sites"), role: Role::Viewer, build, act: None };

fn build(ask: &mut Ask<'_>) -> Result<Html, Fault> {
    let wanted = ask.query.text("site").ok_or(Fault::NotFound("site"))?;
    let sites = ask.wall()?.sites();
    let autopilot = ask.wall()?.autopilot(wanted).map(|autopilot| raised::part(&autopilot, ask.now));
    let site = sites.into_iter().find(|site| site.name == wanted).ok_or(Fault::NotFound("site"))?;
    let hosts = if site.hosts.is_empty() { "any name".to_owned() } else { site.hosts.join(", ") };
    let apps =
        site.upstreams.iter().map(|(address, is_up)| format!("{address} ({})", if *is_up { "up" } else { "down" }));
    let apps = apps.collect::<Vec<_>>().join(", ");
    let facts = [("Name", site.name.clone()), ("Answers to", hosts), ("App", apps)];
    let facts =
        facts.iter().map(|(name, value)| tag("div").put(tag("dt").put(*name)).put(tag("dd").put(short(value, 1000))));
    let grade = site.grade.as_ref().map(|grade| {
        tag("p").class("graded").put(letter(Some(grade))).put(format!(" {} points, {}", grade.score, grade.authority))
    });
    let found = if site.findings.is_empty() {
        nothing("No rule finds a fault in what these settings send.")
    } else {
        tag("ul").class("findings").all(site.findings.iter().map(line)).into()
    };
    let links =
        [("/violations", "Violations"), ("/scripts", "Scripts"), ("/network", "Network"), ("/policy", "Policy")];
    let links =
        links.map(|(path, name)| tag("li").put(tag("a").to(&Address::of(path).with("site", &site.name)).put(name)));
    Ok(Html::all([
        Html::all(grade),
        panel("facts", "What it is", tag("dl").all(facts)).into(),
        Html::all(autopilot),
        panel("more", "What browsers say of it", tag("ul").class("links").all(links)).into(),
        panel("findings", &plural(site.findings.len() as u64, "finding"), found).into(),
    ]))
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
