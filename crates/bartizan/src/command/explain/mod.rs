//! `bartizan explain`: one refusal or rule, what a configuration does, or which policies hold together.

mod policies;

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use bartizan_headers::Authority;
use bartizan_proxy::config::{Config, Site, WafPlan};
use bartizan_proxy::router::Router;
use bartizan_proxy::shared::Shared;
use bartizan_proxy::stages::order::{REFUSALS, request_stages, response_stages};
use bartizan_proxy::target::Target;
use bartizan_rules::catalog::rules;
use bartizan_rules::{Explanation, Rule};
use url::Url;

use super::load_or_show;
use crate::cli::{Explain, Format};
use crate::config::{Environment, Overrides, nearest};
use crate::exit_code::Outcome;
use crate::output::{self, BOLD, CODE, DIM, HEADING, wrap};

pub(super) fn run(explain: &Explain, environment: &Environment) -> anyhow::Result<Outcome> {
    if let Some(id) = &explain.request {
        return super::waf::request(id, &explain.running, explain.format);
    }
    if let Some(site) = &explain.policies {
        return policies::run(site, &explain.running, explain.format);
    }
    match (&explain.config, &explain.about) {
        (Some(path), about) => configuration(path, about.as_deref(), environment),
        (None, Some(id)) => one(id, explain.format),
        (None, None) => Ok(Outcome::Usage),
    }
}

fn one(id: &str, format: Format) -> anyhow::Result<Outcome> {
    let rule = rules().find(|rule| rule.about.id == id);
    let refusal = REFUSALS.iter().find(|kind| kind.about.id == id);
    let (about, kind, facts) = match (rule, refusal) {
        (Some(rule), _) => (&rule.about, "rule", format!("{} · {}", rule.topic.as_str(), rule.severity)),
        (None, Some(kind)) => (&kind.about, "refusal", format!("status {}", kind.status.as_u16())),
        (None, None) => {
            let ids = rules().map(|rule| rule.about.id).chain(REFUSALS.iter().map(|kind| kind.about.id));
            let near = nearest(id, ids)
                .map_or_else(|| "`bartizan rules` lists them all".to_owned(), |near| format!("did you mean `{near}`?"));
            output::hint(&format!("no rule or refusal is called `{id}`; {near}"));
            return Ok(Outcome::Problems);
        }
    };
    match format {
        Format::Human => human(about, kind, &facts, rule)?,
        Format::Json => json(about, kind, rule)?,
    }
    Ok(Outcome::Fine)
}

fn human(about: &Explanation, kind: &str, facts: &str, rule: Option<&Rule>) -> std::io::Result<()> {
    let mut out = anstream::stdout();
    writeln!(out, "{BOLD}{}{BOLD:#}", about.title)?;
    writeln!(out, "{DIM}{} · {kind} · {facts}{DIM:#}\n", about.id)?;
    for line in wrap(about.why, output::width().min(96)) {
        writeln!(out, "{line}")?;
    }
    for (platform, text) in about.fix {
        writeln!(out, "\n{HEADING}{platform}{HEADING:#}")?;
        for line in text.lines() {
            writeln!(out, "    {CODE}{line}{CODE:#}")?;
        }
    }
    let examples = rule.map(|rule| [("Found here", rule.bad), ("Not here", rule.good)]);
    for (title, example) in examples.into_iter().flatten() {
        writeln!(out, "\n{HEADING}{title}{HEADING:#}")?;
        for line in example.text().trim_end().lines() {
            writeln!(out, "    {line}")?;
        }
    }
    writeln!(out, "\n{HEADING}Read on{HEADING:#}")?;
    for reference in about.references {
        writeln!(out, "    {reference}: {}", reference.url())?;
    }
    Ok(())
}

fn json(about: &Explanation, kind: &str, rule: Option<&Rule>) -> anyhow::Result<()> {
    let fixes: Vec<_> = about
        .fix
        .iter()
        .map(|(platform, text)| serde_json::json!({ "platform": platform.name(), "text": text }))
        .collect();
    let references: Vec<_> = about
        .references
        .iter()
        .map(|reference| serde_json::json!({ "name": reference.to_string(), "url": reference.url() }))
        .collect();
    let mut all = serde_json::json!({
        "id": about.id, "kind": kind, "title": about.title, "why": about.why,
        "fix": fixes, "references": references,
    });
    if let (Some(rule), Some(object)) = (rule, all.as_object_mut()) {
        object.insert("topic".into(), rule.topic.as_str().into());
        object.insert("severity".into(), rule.severity.as_str().into());
        object.insert("bad".into(), rule.bad.text().into());
        object.insert("good".into(), rule.good.text().into());
    }
    writeln!(anstream::stdout(), "{}", serde_json::to_string_pretty(&all)?)?;
    Ok(())
}

fn configuration(path: &Path, about: Option<&str>, environment: &Environment) -> anyhow::Result<Outcome> {
    let loaded = match load_or_show(Some(path), environment, &Overrides::default()) {
        Ok(loaded) => loaded,
        Err(outcome) => return Ok(outcome),
    };
    let config = &loaded.config;
    let Some(text) = about else {
        for (index, site) in config.sites.iter().enumerate() {
            for policy in 0..=site.routes.len() {
                place(config, index, policy)?;
            }
        }
        return Ok(Outcome::Fine);
    };
    let url = Url::parse(text).with_context(|| format!("{text} is no address, such as https://app.example/path"))?;
    let port = url.port_or_known_default().unwrap_or(443);
    let authority: Authority = url[url::Position::BeforeHost..url::Position::AfterPort]
        .parse()
        .with_context(|| format!("{text} has no host"))?;
    let router = Router::new(&config.sites);
    let Some(site) = router.site(&authority, port) else {
        output::hint(&format!("no site answers to {authority}; `bartizan explain unknown-host` says what happens"));
        return Ok(Outcome::Problems);
    };
    let target = url[url::Position::BeforePath..url::Position::AfterQuery].parse()?;
    let target = Target::canonical(&target).with_context(|| format!("{text} is refused"))?;
    let Some(policy) = router.policy(site, &target) else {
        output::hint("the path is refused: it can be read in two ways that meet different routes");
        return Ok(Outcome::Problems);
    };
    place(config, site, policy)?;
    Ok(Outcome::Fine)
}

/// Shows what a site does on the paths of one policy: 0 is the site's own, the others are its routes.
fn place(config: &Config, index: usize, policy: usize) -> anyhow::Result<()> {
    let Some(site) = config.sites.get(index) else { return Ok(()) };
    let route = policy.checked_sub(1).and_then(|route| site.routes.get(route));
    let plan = route.map_or(&site.policy, |route| &route.policy);
    let shared = Arc::new(Shared::new(config.server.workers.get()));
    let mut out = anstream::stdout();
    let path = route.map(|route| route.path.as_str());
    let upstreams: Vec<_> = site.upstream.addresses.iter().map(ToString::to_string).collect();
    writeln!(out, "{BOLD}{}{}{BOLD:#} → {}", names(site), path.unwrap_or_default(), upstreams.join(", "))?;
    writeln!(out, "{HEADING}A request, from top to bottom{HEADING:#}")?;
    writeln!(out, "  {:<20} one head of the bytes; what could be read in two ways is refused", "framing")?;
    writeln!(out, "  {:<20} {}", "known hosts", names(site))?;
    for stage in request_stages(&config.server, site, route, &shared) {
        writeln!(out, "  {:<20} {}", stage.name(), stage.describe())?;
    }
    if let Some(text) = plan.waf.as_ref().and_then(WafPlan::describe) {
        writeln!(out, "  {:<20} {text}", "firewall")?;
    }
    writeln!(out, "{HEADING}An answer, from top to bottom{HEADING:#}")?;
    for stage in response_stages(site, plan, &shared) {
        let mended: Vec<_> = stage.mends().iter().map(|rule| rule.about.id).collect();
        writeln!(out, "  {:<20} {}", stage.name(), stage.describe())?;
        if !mended.is_empty() {
            writeln!(out, "  {:<20} {DIM}mends {}{DIM:#}", "", mended.join(", "))?;
        }
    }
    writeln!(out)?;
    Ok(())
}

fn names(site: &Site) -> String {
    if site.hosts.is_empty() {
        return "any host".to_owned();
    }
    site.hosts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
