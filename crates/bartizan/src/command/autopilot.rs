//! `bartizan autopilot`: how far a running wall has come with each site, and what the operator says to it.

use std::io::Write as _;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::running::{RunningWall, Told};
use crate::cli::Format;
use crate::exit_code::Outcome;
use crate::output::visible::visible;
use crate::output::{self, BOLD, CODE, DIM, HEADING};

/// `bartizan autopilot`.
#[derive(Debug, Subcommand)]
pub enum Autopilot {
    /// Show how far each site has come, what is waited for, and why
    Status(Status),
    /// Stay where it is until released
    Hold(Site),
    /// Go on by itself again
    Release(Site),
    /// Take one step forward now, whatever is missing
    Advance(Site),
    /// Take one step back and stay there
    Revert(Site),
    /// Begin to learn again: what is served from now on becomes known
    Relearn(Site),
}

/// Which sites are shown.
#[derive(Debug, Args)]
pub struct Status {
    /// The site; all of them where it is not named.
    #[arg(value_name = "SITE")]
    site: Option<String>,
    #[command(flatten)]
    wall: Wall,
}

/// Which site is meant.
#[derive(Debug, Args)]
pub struct Site {
    /// The site: the first of its hosts.
    #[arg(value_name = "SITE")]
    site: String,
    /// Only this of `autopilot.ramps`, and not the policy.
    #[arg(long, value_name = "NAME")]
    ramp: Option<String>,
    #[command(flatten)]
    wall: Wall,
}

/// The wall that is spoken to.
#[derive(Debug, Args)]
struct Wall {
    #[command(flatten)]
    running: RunningWall,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(asked: &Autopilot) -> anyhow::Result<Outcome> {
    match asked {
        Autopilot::Status(status) => show(status),
        Autopilot::Hold(site) => command("hold", site),
        Autopilot::Release(site) => command("release", site),
        Autopilot::Advance(site) => command("advance", site),
        Autopilot::Revert(site) => command("revert", site),
        Autopilot::Relearn(site) => command("relearn", site),
    }
}

fn show(asked: &Status) -> anyhow::Result<Outcome> {
    let Some(mut found) = asked.wall.running.ask(PATH)? else { return Ok(off()) };
    if let (Some(name), Some(sites)) = (&asked.site, found["sites"].as_array_mut()) {
        sites.retain(|site| site["site"].as_str() == Some(name));
        if sites.is_empty() {
            output::hint(&format!("no site called {} has an autopilot", visible(name)));
            return Ok(Outcome::Problems);
        }
    }
    let mut out = anstream::stdout();
    if asked.wall.format == Format::Json {
        writeln!(out, "{}", serde_json::to_string_pretty(&found)?)?;
        return Ok(Outcome::Fine);
    }
    for site in array(&found, "sites") {
        human(&mut out, site)?;
    }
    Ok(Outcome::Fine)
}

fn off() -> Outcome {
    output::hint("this wall has no autopilot; `[site.autopilot]` in its configuration switches it on");
    Outcome::Problems
}

fn command(name: &str, asked: &Site) -> anyhow::Result<Outcome> {
    let told =
        asked.wall.running.tell(&format!("{PATH}/{name}"), &json!({ "site": asked.site, "ramp": asked.ramp }))?;
    let done = match told {
        Told::Done(done) => done,
        Told::Unknown(None) => return Ok(off()),
        Told::Unknown(Some(reason)) | Told::Refused(reason) => {
            output::hint(&visible(&reason));
            return Ok(Outcome::Problems);
        }
    };
    let mut out = anstream::stdout();
    if asked.wall.format == Format::Json {
        writeln!(out, "{}", serde_json::to_string_pretty(&done)?)?;
        return Ok(Outcome::Fine);
    }
    if let Some(step) = done["step"].as_object().filter(|_| asked.ramp.is_some()) {
        let word = |key: &str| visible(step[key].as_str().unwrap_or_default()).into_owned();
        writeln!(out, "{HEADING}{}{HEADING:#}: {BOLD}{}{BOLD:#}", word("about"), word("to"))?;
        return Ok(Outcome::Fine);
    }
    let site = &done["site"];
    let held = if site["held"].as_bool() == Some(true) { ", held" } else { "" };
    writeln!(out, "{HEADING}{}{HEADING:#}: {BOLD}{}{BOLD:#}{held}", text(site, "site"), text(site, "stage"))?;
    if let Some(unsaved) = done["unsaved"].as_str() {
        output::hint(&format!("it is not in the store yet: {}", visible(unsaved)));
    }
    Ok(Outcome::Fine)
}

fn human(out: &mut impl std::io::Write, site: &Value) -> anyhow::Result<()> {
    let held = if site["held"].as_bool() == Some(true) { ", held" } else { "" };
    writeln!(out, "{HEADING}{}{HEADING:#}  {BOLD}{}{BOLD:#}{held}", text(site, "site"), text(site, "stage"))?;
    writeln!(
        out,
        "  {DIM}since {} · {} pages to {} clients · {} things known · mode {} · unknown code: {}{DIM:#}",
        time(site["since"].as_i64().unwrap_or_default()),
        number(site, "pages"),
        number(site, "clients"),
        number(site, "known"),
        text(site, "mode"),
        text(site, "unknown"),
    )?;
    writeln!(out, "  {}", text(site, "next"))?;
    writeln!(out, "\n  {CODE}{}{CODE:#}", text(site, "policy"))?;
    for obstacle in array(site, "obstacles") {
        writeln!(out, "\n  cannot be allowed safely: {}", visible(obstacle.as_str().unwrap_or_default()))?;
    }
    list(out, "Reported in this step", array(site, "reported"), |seen| {
        format!(
            "{} {}  {} clients, {} reports, {}",
            text(seen, "directive"),
            text(seen, "target"),
            number(seen, "clients"),
            number(seen, "times"),
            text(seen, "page")
        )
    })?;
    list(
        out,
        "Asked for by reports, confirmed by no page (`autopilot.allow` lets them in)",
        array(site, "doubted"),
        |seen| visible(seen.as_str().unwrap_or_default()).into_owned(),
    )?;
    list(out, "In pages, and not known", array(site, "unknown_items"), |seen| {
        format!("{}  {} times, {}", text(seen, "item"), number(seen, "times"), text(seen, "page"))
    })?;
    list(out, "Stored reports that it would still block", array(site, "remains"), |seen| {
        format!("{}  {} reports", text(seen, "what"), number(seen, "count"))
    })?;
    list(out, "Policies in the pages themselves", array(site, "meta_policies"), |seen| {
        visible(seen.as_str().unwrap_or_default()).into_owned()
    })?;
    if site["named_files"].as_u64() > Some(0) || site["changed_files"].as_u64() > Some(0) {
        writeln!(
            out,
            "\n  {} files are named with their digest; {} changed although they say that they never do",
            number(site, "named_files"),
            number(site, "changed_files")
        )?;
    }
    list(out, "Raised in steps", array(site, "ramps"), |ramp| {
        let held = if ramp["held"].as_bool() == Some(true) { ", held" } else { "" };
        let learnt: Vec<_> = array(ramp, "learnt").filter_map(Value::as_str).collect();
        let learnt = if learnt.is_empty() { String::new() } else { format!("; in use: {}", learnt.join(", ")) };
        format!("{}: {}{held}; {}{}", text(ramp, "name"), text(ramp, "rung"), text(ramp, "next"), visible(&learnt))
    })?;
    list(out, "What happened", array(site, "log"), |step| {
        format!(
            "{}  {}: {} → {}, by the {}: {}",
            time(step["at"].as_i64().unwrap_or_default()),
            text(step, "about"),
            text(step, "from"),
            text(step, "to"),
            text(step, "by"),
            text(step, "reason")
        )
    })?;
    writeln!(out)?;
    Ok(())
}

fn list<'a>(
    out: &mut impl std::io::Write,
    title: &str,
    rows: impl Iterator<Item = &'a Value>,
    line: impl Fn(&Value) -> String,
) -> std::io::Result<()> {
    let mut rows = rows.take(MOST_LINES).peekable();
    if rows.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "\n  {BOLD}{title}{BOLD:#}")?;
    for row in rows {
        writeln!(out, "    {}", line(row))?;
    }
    Ok(())
}

fn array<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value[key].as_array().into_iter().flatten()
}

fn text(value: &Value, key: &str) -> String {
    visible(value[key].as_str().unwrap_or_default()).into_owned()
}

fn number(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap_or_default()
}

fn time(seconds: i64) -> String {
    Timestamp::from_second(seconds).map_or_else(|_| String::new(), |time| time.to_string())
}

const PATH: &str = "/autopilot";

/// As many as a person reads; JSON has all.
const MOST_LINES: usize = 20;
