//! `bartizan explain --policies SITE`: the app's policies and the wall's, and what browsers make of them together.

use std::io::Write;

use bartizan_headers::Field as _;
use bartizan_headers::csp::{
    Blocked, DirectiveName, Keyword, Met, Policy, PolicyList, Say, Source, Together, What, together,
};
use serde_json::{Value, json};

use crate::cli::Format;
use crate::command::RunningWall;
use crate::exit_code::Outcome;
use crate::output::visible::visible;
use crate::output::{self, BOLD, CODE, DIM, HEADING};

pub(super) fn run(site: &str, wall: &RunningWall, format: Format) -> anyhow::Result<Outcome> {
    let Some(found) = wall.ask("/autopilot")? else {
        output::hint("this wall has no autopilot; `[site.autopilot]` in its configuration switches it on");
        return Ok(Outcome::Problems);
    };
    let sites = found["sites"].as_array().map(Vec::as_slice).unwrap_or_default();
    let Some(found) = sites.iter().find(|found| found["site"].as_str() == Some(site)) else {
        output::hint(&format!("no site called {} has an autopilot", visible(site)));
        return Ok(Outcome::Problems);
    };
    let combinations: Vec<_> = found["sent"].as_array().into_iter().flatten().flat_map(combinations).collect();
    let mut out = anstream::stdout();
    match format {
        Format::Json => {
            let all: Vec<_> = combinations.iter().map(as_json).collect();
            writeln!(out, "{}", serde_json::to_string_pretty(&json!({ "site": site, "policies": all }))?)?;
        }
        Format::Human if combinations.is_empty() => output::say("no page was served in this step yet"),
        Format::Human => combinations.iter().try_for_each(|combination| human(&mut out, combination))?,
    }
    Ok(Outcome::Fine)
}

/// Policies that a browser meets on one page.
struct Combination {
    page: String,
    /// Whether the wall's own is enforced, or would be after the trial.
    is_enforced: bool,
    policies: Vec<(Who, Policy)>,
}

/// Whose policy it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    App,
    Page,
    Wall,
}

impl Who {
    const fn name(self) -> &'static str {
        match self {
            Self::App => "the app",
            Self::Page => "the page itself",
            Self::Wall => "the wall",
        }
    }
}

/// Returns what holds, and before that what would if the wall's policy that is tried out were enforced.
fn combinations(sent: &Value) -> Vec<Combination> {
    let texts = |key: &str| sent[key].as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>();
    let app = texts("app").into_iter().map(|text| (Who::App, text));
    let page = texts("meta").into_iter().map(|text| (Who::Page, text));
    let theirs: Vec<_> = app.chain(page).collect();
    let make = |ours: &str, is_enforced| {
        let all = theirs.iter().copied().chain([(Who::Wall, ours)]);
        let read = |(who, text): (Who, &str)| {
            let list = PolicyList::parse(&[text]).value.unwrap_or_default();
            list.policies.into_iter().map(move |policy| (who, policy))
        };
        let page = sent["page"].as_str().unwrap_or_default().to_owned();
        Combination { page, is_enforced, policies: all.flat_map(read).collect() }
    };
    let enforced = make(sent["enforced"].as_str().unwrap_or_default(), true);
    let reported = sent["reported"].as_str().map(|ours| make(ours, false));
    std::iter::once(enforced).chain(reported).collect()
}

fn human(out: &mut impl Write, combination: &Combination) -> std::io::Result<()> {
    let Combination { page, is_enforced, policies } = combination;
    let what = if *is_enforced { "enforced" } else { "as it would be once the policy that is tried out is enforced" };
    writeln!(out, "{BOLD}{}{BOLD:#} {DIM}and pages like it: {what}{DIM:#}", visible(page))?;
    for (who, policy) in policies {
        writeln!(out, "  {HEADING}{}{HEADING:#}  {CODE}{}{CODE:#}", who.name(), visible(&policy.to_string()))?;
    }
    let (whose, said): (Vec<_>, Vec<_>) = policies.iter().cloned().unzip();
    let rows = together(&said);
    if rows.is_empty() {
        writeln!(out, "  nothing that is loaded or run is restricted")?;
    }
    for row in &rows {
        writeln!(out, "\n  {BOLD}{}{BOLD:#}  {DIM}{}{DIM:#}", name(row.what), row.what.directive())?;
        writeln!(out, "    allowed: {}", visible(&allowed(row, &whose)))?;
        for line in blocked(row, &whose) {
            writeln!(out, "    {}", visible(&line))?;
        }
        if row.is_cut {
            writeln!(out, "    {DIM}there are more sources than are compared{DIM:#}")?;
        }
    }
    writeln!(out)
}

fn as_json(combination: &Combination) -> Value {
    let (whose, said): (Vec<_>, Vec<_>) = combination.policies.iter().cloned().unzip();
    let policies: Vec<_> = combination
        .policies
        .iter()
        .map(|(who, policy)| json!({ "of": who.name(), "policy": policy.to_string() }))
        .collect();
    let rows: Vec<_> = together(&said)
        .iter()
        .map(|row| {
            json!({
                "what": name(row.what), "directive": row.what.directive().as_str(),
                "allowed": allowed(row, &whose), "blocked": blocked(row, &whose),
            })
        })
        .collect();
    json!({ "page": combination.page, "enforced": combination.is_enforced, "policies": policies, "together": rows })
}

/// Says in words what all policies allow.
fn allowed(row: &Together, whose: &[Who]) -> String {
    let restricting = || {
        let says = row.says.iter().zip(whose).filter(|(say, _)| **say != Say::Anything);
        let mut names: Vec<_> = says.map(|(_, who)| who.name()).collect();
        names.dedup();
        names.join(" and ")
    };
    let ways = match &row.all {
        Met::Anything => return "anything".to_owned(),
        Met::Only(ways) if ways.is_empty() => return format!("nothing (restricted by {})", restricting()),
        Met::Only(ways) => ways,
    };
    // Hashes say nothing to people.
    let (hashes, words): (Vec<_>, Vec<_>) = ways.iter().partition(|way| matches!(way.as_slice(), [Source::Hash(..)]));
    let mut parts: Vec<String> = words.iter().map(|way| told(way)).collect();
    if !hashes.is_empty() {
        parts.push(format!("{} by their hash", hashes.len()));
    }
    format!("{} (restricted by {})", parts.join("; "), restricting())
}

fn told(way: &[Source]) -> String {
    let part = |source: &Source| match source {
        Source::SelfOrigin => "from the site itself".to_owned(),
        Source::Host(_) => format!("from {source}"),
        Source::Scheme(scheme) => format!("from any {scheme}: address"),
        Source::Nonce(who) if who == "wall" => "with the wall's nonce".to_owned(),
        Source::Nonce(_) => "with the app's nonce".to_owned(),
        Source::Hash(..) => "with a hash that is listed".to_owned(),
        Source::Keyword(Keyword::StrictDynamic) => "added by a script that runs already".to_owned(),
        Source::Keyword(Keyword::WasmUnsafeEval) => "WebAssembly".to_owned(),
        other => other.to_string(),
    };
    way.iter().map(part).collect::<Vec<_>>().join(", and also ")
}

/// Says in words what one policy allows in vain.
fn blocked(row: &Together, whose: &[Who]) -> Vec<String> {
    let who = |at: usize| whose.get(at).map_or("", |who| who.name());
    let mut lines = Vec::new();
    let unrestricted = row.says.iter().zip(whose).filter(|(say, _)| **say == Say::Anything);
    let mut open: Vec<_> = unrestricted.map(|(_, who)| who.name()).collect();
    open.dedup();
    if !open.is_empty() && row.all != Met::Anything {
        let by = row.says.iter().zip(whose).filter(|(say, _)| **say != Say::Anything);
        let mut by: Vec<_> = by.map(|(_, who)| who.name()).collect();
        by.dedup();
        lines.push(format!("{} would allow anything: {} blocks the rest", open.join(" and "), by.join(" and ")));
    }
    let names = |places: &[usize]| {
        let mut names: Vec<_> = places.iter().map(|at| who(*at)).collect();
        names.dedup();
        names.join(" and ")
    };
    let mut hashes: Vec<(usize, Vec<usize>, usize)> = Vec::new();
    for Blocked { source, from, by, in_part } in row.blocked() {
        if matches!(source, Source::Hash(..)) {
            match hashes.iter_mut().find(|(known, blocking, _)| *known == from && *blocking == by) {
                Some((.., count)) => *count += 1,
                None => hashes.push((from, by, 1)),
            }
            continue;
        }
        let what = told(std::slice::from_ref(source));
        let end = if by.is_empty() {
            format!("{} lets only a part of it pass", names(&in_part))
        } else {
            format!("{} blocks it", names(&by))
        };
        lines.push(format!("{} would allow what comes {what}: {end}", who(from)));
    }
    for (from, by, count) in hashes {
        lines.push(format!("{} would allow {count} by hash: {} blocks them", who(from), names(&by)));
    }
    lines
}

const fn name(what: What) -> &'static str {
    match what {
        What::Inline(DirectiveName::ScriptSrcElem) => "scripts in the page",
        What::Inline(_) => "styles in the page",
        What::Attributes(DirectiveName::ScriptSrcAttr) => "event handlers",
        What::Attributes(_) => "style attributes",
        What::Eval => "text that becomes code",
        What::Addresses(name) => match name {
            DirectiveName::ScriptSrcElem => "scripts that are loaded",
            DirectiveName::StyleSrcElem => "style sheets that are loaded",
            DirectiveName::ImgSrc => "pictures",
            DirectiveName::FontSrc => "fonts",
            DirectiveName::MediaSrc => "sound and film",
            DirectiveName::ConnectSrc => "what scripts fetch",
            DirectiveName::FrameSrc => "frames",
            DirectiveName::WorkerSrc => "workers",
            DirectiveName::ManifestSrc => "manifests",
            DirectiveName::ObjectSrc => "plug-ins",
            DirectiveName::BaseUri => "what addresses are relative to",
            DirectiveName::FormAction => "where forms go",
            DirectiveName::FrameAncestors => "who may show the page in a frame",
            _ => "other things",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(app: &str, ours: &str, what: &str) -> String {
        let sent = json!({ "page": "/", "app": [app], "meta": [], "enforced": ours, "reported": null });
        let found = combinations(&sent);
        assert_eq!(found.len(), 1);
        let told = as_json(&found[0]);
        let row = told["together"].as_array().unwrap().iter().find(|row| row["what"] == what).unwrap().clone();
        let blocked = row["blocked"].as_array().unwrap().iter().filter_map(Value::as_str).collect::<Vec<_>>();
        format!("{} / {}", row["allowed"].as_str().unwrap(), blocked.join(" / "))
    }

    #[test]
    fn who_blocks_what_is_said_in_words() {
        let ours = "script-src 'nonce-wall' 'strict-dynamic'; img-src 'self'";
        for (app, what, expected) in [
            (
                "script-src 'self' 'unsafe-inline'",
                "scripts in the page",
                "with the wall's nonce (restricted by the wall) / the app would allow anything: the wall blocks the rest",
            ),
            (
                "script-src 'self'",
                "scripts in the page",
                "nothing (restricted by the app and the wall) / the wall would allow what comes with the wall's nonce: the app \
                 blocks it",
            ),
            (
                "script-src 'self'",
                "scripts that are loaded",
                "from the site itself, and also with the wall's nonce; from the site itself, and also added by a script \
                 that runs already (restricted by the app and the wall) / ",
            ),
            (
                "img-src 'self' https://cdn.example",
                "pictures",
                "from the site itself (restricted by the app and the wall) / the app would allow what comes from \
                 https://cdn.example: the wall blocks it",
            ),
        ] {
            assert_eq!(lines(app, ours, what), expected, "{app}");
        }
    }

    #[test]
    fn what_is_tried_out_is_shown_beside_what_holds() {
        let sent = json!({ "page": "/", "app": [], "meta": ["img-src *"], "enforced": "object-src 'none'", "reported": "script-src 'self'" });
        let found = combinations(&sent);
        let shown: Vec<_> = found.iter().map(|found| (found.is_enforced, found.policies.len())).collect();
        assert_eq!(shown, [(true, 2), (false, 2)]);
    }
}
