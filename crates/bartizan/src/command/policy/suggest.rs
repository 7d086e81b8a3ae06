//! `bartizan policy suggest`: the narrowest policy that a site's violations allow.

use std::io::Write as _;

use bartizan_headers::Field as _;
use bartizan_headers::csp::{DirectiveName, Policy};
use bartizan_reports::advise::{LeftOut, Observed, Proposal, Settings, observe, propose};
use bartizan_reports::store::{Filter, Order};
use clap::Args;
use serde_json::{Value, json};

use super::told::{as_json, facts, line, pages};
use crate::cli::Format;
use crate::command::reports::{StoreFile, harmless_lines, written};
use crate::config::Environment;
use crate::exit_code::Outcome;
use crate::output::visible::visible;
use crate::output::{BOLD, CODE, DIM, HEADING, error, hint};

/// `bartizan policy suggest`.
#[derive(Debug, Args)]
#[command(after_help = RULE)]
pub struct Suggest {
    /// The site.
    #[arg(long, value_name = "SITE")]
    pub site: String,
    /// Only reports under this version of its policy.
    #[arg(long, value_name = "VERSION")]
    pub policy: Option<String>,
    /// The policy to begin with [default: the newest that was reported on].
    #[arg(long, value_name = "CSP")]
    pub csp: Option<String>,
    /// Leave out what fewer clients reported.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub min_clients: u64,
    /// Name origins only, and no paths.
    #[arg(long)]
    pub origins: bool,
    #[command(flatten)]
    store: StoreFile,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

pub(super) fn run(asked: &Suggest, environment: &Environment) -> anyhow::Result<Outcome> {
    let base = asked.csp.as_deref().map(|text| Policy::parse(&[text]).value);
    if base == Some(None) {
        error(&anyhow::anyhow!("there is no policy in --csp"));
        return Ok(Outcome::Usage);
    }
    let mut store = asked.store.open(environment)?;
    let filter = Filter {
        site: Some(asked.site.clone()),
        policy: asked.policy.clone(),
        order: Order::Count,
        ..Filter::default()
    };
    let observed = observe(&mut *store, &filter)?;
    if observed.is_empty() {
        hint(&format!("no violation is stored for {}", visible(&asked.site)));
        return Ok(Outcome::Problems);
    }
    let sites = store.sites()?;
    let site = sites.iter().find(|site| site.site == asked.site);
    let settings = Settings { base: base.flatten(), min_clients: asked.min_clients, origins_only: asked.origins };
    let made = propose(&observed, site, &settings);
    match asked.format {
        Format::Json => writeln!(anstream::stdout(), "{}", harmless_lines(&json(&asked.site, &made, &observed)))?,
        Format::Human => human(&made, &observed)?,
    }
    Ok(if made.blocked.is_empty() { Outcome::Fine } else { Outcome::Problems })
}

fn json(site: &str, made: &Proposal, observed: &[Observed]) -> Value {
    let sources = made.sources.iter().map(|added| {
        json!({
            "directive": added.directive.as_str(),
            "source": added.source.to_string(),
            "rule": added.rule.as_str(),
            "count": added.count,
            "clients": added.clients,
            "first_seen": written(added.first_seen),
            "last_seen": written(added.last_seen),
            "pages": pages(&added.pages),
            "addresses": added.addresses,
            "groups": added.groups.iter().map(ToString::to_string).collect::<Vec<_>>(),
        })
    });
    let told = |place: usize, reason| observed.get(place).map(|seen| as_json(seen, reason));
    let plain = |places: &[usize]| places.iter().filter_map(|place| told(*place, None)).collect::<Value>();
    let unverifiable = made.unverifiable.iter();
    let unverifiable = unverifiable.filter_map(|(place, why)| told(*place, Some((why.as_str(), why.meaning()))));
    let left_out = made.left_out.iter();
    let left_out = left_out.filter_map(|(place, why)| told(*place, Some((why.as_str(), meaning(*why)))));
    json!({
        "site": site,
        "policy": made.policy.to_string(),
        "base": made.base.as_ref().map(ToString::to_string),
        "sources": sources.collect::<Value>(),
        "cannot_verify": unverifiable.collect::<Value>(),
        "left_out": left_out.collect::<Value>(),
        "already_allowed": plain(&made.allowed),
        "still_blocked": plain(&made.blocked),
        "unwatched": made.unwatched.iter().map(DirectiveName::as_str).collect::<Value>(),
    })
}

fn human(made: &Proposal, observed: &[Observed]) -> anyhow::Result<()> {
    let mut out = anstream::stdout();
    writeln!(out, "{CODE}{}{CODE:#}", visible(&made.policy.to_string()))?;
    match &made.base {
        Some(base) => writeln!(out, "{DIM}begun with: {}{DIM:#}", visible(&base.to_string()))?,
        None => writeln!(out, "{DIM}no report tells its policy; begun with nothing allowed{DIM:#}")?,
    }
    if !made.sources.is_empty() {
        writeln!(out, "\n{HEADING}Added{HEADING:#}")?;
    }
    for added in &made.sources {
        let (directive, source) = (added.directive.as_str(), added.source.to_string());
        writeln!(
            out,
            "{BOLD}{:>9}{BOLD:#}  {} {CODE}{}{CODE:#}  {DIM}{}, {} addresses{DIM:#}",
            added.count,
            visible(directive),
            visible(&source),
            added.rule.as_str(),
            added.addresses.len()
        )?;
        let facts = facts(added.clients, added.first_seen, added.last_seen, &added.pages);
        writeln!(out, "           {DIM}{facts}{DIM:#}")?;
    }
    let unverifiable = made.unverifiable.iter().map(|(place, why)| (*place, Some((why.as_str(), why.meaning()))));
    section(&mut out, "Cannot be verified", observed, unverifiable)?;
    let left_out = made.left_out.iter().map(|(place, why)| (*place, Some((why.as_str(), meaning(*why)))));
    section(&mut out, "Left out", observed, left_out)?;
    section(&mut out, "Allowed as it is", observed, made.allowed.iter().map(|place| (*place, None)))?;
    section(&mut out, "Still blocked", observed, made.blocked.iter().map(|place| (*place, None)))?;
    if !made.unwatched.is_empty() {
        let names: Vec<_> = made.unwatched.iter().map(DirectiveName::as_str).collect();
        writeln!(out, "\n{DIM}Not watched by the policy, so nothing is known of them: {}{DIM:#}", names.join(", "))?;
    }
    Ok(())
}

type Reason = Option<(&'static str, &'static str)>;

fn section(
    out: &mut impl std::io::Write,
    title: &str,
    observed: &[Observed],
    places: impl Iterator<Item = (usize, Reason)>,
) -> anyhow::Result<()> {
    let mut is_first = true;
    for (place, reason) in places {
        let Some(seen) = observed.get(place) else { continue };
        if is_first {
            writeln!(out, "\n{HEADING}{title}{HEADING:#}")?;
            is_first = false;
        }
        writeln!(out, "{}", line(seen, reason))?;
    }
    Ok(())
}

const fn meaning(why: LeftOut) -> &'static str {
    match why {
        LeftOut::Noise(_) => "it is marked as the doing of others: extensions, filters, injected code",
        LeftOut::Rare => "so few of the many visitors report it that it is likely the doing of a device of theirs",
        LeftOut::TooFewClients => "fewer clients report it than --min-clients asks for",
    }
}

const RULE: &str = "\
Reports tell what a policy blocks, never what it lets pass. The proposal is therefore the policy that they were sent \
under, and to it what was blocked. Send a report-only `default-src 'none'` for a while to get the narrowest.

A source is 'self' for the page's own origin; one address as it is; several of one origin by the deepest directory \
they share; else by the origin.

Exit code 1 when nothing is stored for the site, or the proposal still blocks something that is wanted.";
