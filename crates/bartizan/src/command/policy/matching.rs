//! `bartizan policy match`: whether a policy blocks what a page wants to load, as browsers decide it.

use std::io::Write as _;

use bartizan_headers::Field as _;
use bartizan_headers::csp::{DirectiveName, Kind, Load, PolicyList};
use clap::Args;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::lines;
use crate::exit_code::Outcome;
use crate::output::visible::visible;
use crate::output::{BOLD, CODE};

/// `bartizan policy match`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Match {
    /// Read {"id","policy","kind","url","self","redirected_from"?} from standard input, a line each, and answer each with
    /// {"id","blocked","directive"}.
    #[arg(long, conflicts_with_all = ["csp", "kind", "url", "page", "redirected_from"])]
    pub jsonl: bool,
    /// The policy, as its header says it.
    #[arg(long, value_name = "CSP", required_unless_present = "jsonl")]
    pub csp: Option<String>,
    /// What is loaded: img, connect, frame, script, style, font …, or a directive's name.
    #[arg(long, value_name = "KIND", required_unless_present = "jsonl")]
    pub kind: Option<String>,
    /// Where it comes from.
    #[arg(long, value_name = "URL", required_unless_present = "jsonl")]
    pub url: Option<String>,
    /// The page's origin.
    #[arg(long = "self", value_name = "ORIGIN", required_unless_present = "jsonl")]
    pub page: Option<String>,
    /// Where it was asked for first, if that answered with a redirect.
    #[arg(long, value_name = "URL")]
    pub redirected_from: Option<String>,
}

/// What is asked.
#[derive(Deserialize)]
struct Question {
    #[serde(default)]
    id: Value,
    policy: String,
    kind: String,
    url: String,
    #[serde(rename = "self")]
    page: String,
    redirected_from: Option<String>,
}

pub(super) fn run(asked: &Match) -> anyhow::Result<Outcome> {
    if asked.jsonl {
        return lines::answer_each(answer_line);
    }
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let question = Question {
        id: Value::Null,
        policy: text(&asked.csp),
        kind: text(&asked.kind),
        url: text(&asked.url),
        page: text(&asked.page),
        redirected_from: asked.redirected_from.clone(),
    };
    let blocking = match question.blocking() {
        Ok(blocking) => blocking,
        Err(fault) => {
            crate::output::error(&anyhow::anyhow!(fault));
            return Ok(Outcome::Usage);
        }
    };
    let mut out = anstream::stdout();
    let url = visible(&question.url);
    match &blocking {
        Some(name) => writeln!(out, "{BOLD}blocked{BOLD:#} by {CODE}{}{CODE:#}: {url}", visible(name.as_str()))?,
        None => writeln!(out, "{BOLD}allowed{BOLD:#}: {url}")?,
    }
    Ok(if blocking.is_some() { Outcome::Problems } else { Outcome::Fine })
}

fn answer_line(line: &[u8]) -> Result<Value, Value> {
    let question: Question =
        serde_json::from_slice(line).map_err(|fault| lines::error(&lines::id(line), &fault.to_string()))?;
    let blocking = question.blocking().map_err(|fault| lines::error(&question.id, &fault))?;
    let directive = blocking.as_ref().map(DirectiveName::as_str);
    Ok(json!({ "id": question.id, "blocked": directive.is_some(), "directive": directive }))
}

impl Question {
    /// Returns the directive under which a report would tell of it, if it is blocked.
    fn blocking(&self) -> Result<Option<DirectiveName>, String> {
        let page = Url::parse(&self.page).map_err(|fault| format!("self {:?}: {fault}", self.page))?;
        let address = |text: &str| page.join(text).map_err(|fault| format!("address {text:?}: {fault}"));
        let url = address(&self.url)?;
        let first = self.redirected_from.as_deref().map(address).transpose()?;
        let directive = directive(&self.kind).ok_or_else(|| format!("unknown kind {:?}", self.kind))?;
        let list = PolicyList::parse(&[&self.policy]).value.unwrap_or_default();
        let blocks = |url: &Url, first: Option<&Url>| {
            list.blocks(Load { directive: &directive, url, redirected_from: first, page: &page })
        };
        let upgrade = Upgrade::of(&list, &directive, &page);
        let (secure, first_secure) = (upgrade.apply(&url), first.as_ref().map(|first| upgrade.apply(first)));
        let is_blocked = blocks(&secure, first_secure.as_ref())
            // Sound and video are asked for as they are written, and only then again.
            || (upgrade == Upgrade::Media && blocks(&url, first.as_ref()));
        Ok(is_blocked.then_some(directive))
    }
}

/// What becomes of an address in the clear before a policy is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Upgrade {
    /// It stays.
    No,
    /// Images of secure pages are asked for over TLS (Mixed Content, 4.1), unless they come from an address.
    Image,
    /// So are sound and video, as Chromium has it in a second step.
    Media,
    /// A policy has everything asked for so.
    All,
}

impl Upgrade {
    fn of(list: &PolicyList, directive: &DirectiveName, page: &Url) -> Self {
        let upgrades = list.policies.iter().any(|policy| policy.has(&DirectiveName::UpgradeInsecureRequests));
        match directive {
            _ if upgrades => Self::All,
            DirectiveName::ImgSrc if page.scheme() == "https" => Self::Image,
            DirectiveName::MediaSrc if page.scheme() == "https" => Self::Media,
            _ => Self::No,
        }
    }

    fn apply(self, url: &Url) -> Url {
        let is_named = url.domain().is_some_and(|name| name != "localhost" && !name.ends_with(".localhost"));
        let mut upgraded = url.clone();
        if url.scheme() == "http" && (self == Self::All || (self != Self::No && is_named)) {
            // A port that is the scheme's own goes with it, and others stay.
            let _ = upgraded.set_scheme("https");
        }
        upgraded
    }
}

/// Returns the directive that speaks for a kind, which may be named by the directive itself.
fn directive(kind: &str) -> Option<DirectiveName> {
    DirectiveName::of_destination(kind).or_else(|| {
        let name = DirectiveName::of(kind);
        (name.kind() == Kind::Sources).then_some(name)
    })
}

const EXAMPLES: &str = "\
One question:  bartizan policy match --csp \"img-src 'self'\" --kind img --url https://cdn.example/a.png --self https://app.example
Many:          bartizan policy match --jsonl < questions.jsonl

Exit code 1 when it is blocked; with --jsonl, when a line could not be read.";
