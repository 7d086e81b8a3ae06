//! `bartizan waf review` and `bartizan explain --request`: what rules found, and the narrowest way to let it pass.

use std::io::Write as _;

use serde_json::Value;

use super::super::running::RunningWall;
use crate::cli::Format;
use crate::exit_code::Outcome;
use crate::output::visible::visible;
use crate::output::{self, BOLD, CODE, DIM, HEADING};

/// Sums up what a running wall's firewall found.
pub(super) fn review(wall: &RunningWall, format: Format) -> anyhow::Result<Outcome> {
    let Some(found) = wall.ask("/waf/review")? else { anyhow::bail!("this wall keeps no review") };
    let mut out = anstream::stdout();
    if format == Format::Json {
        writeln!(out, "{}", serde_json::to_string_pretty(&found)?)?;
        return Ok(Outcome::Fine);
    }
    let places: Vec<&Value> = found["places"].as_array().into_iter().flatten().collect();
    let refused: Vec<&&Value> = places.iter().filter(|place| number(place, "refused") > 0).collect();
    if refused.is_empty() {
        output::say(&format!("{} places matched a rule; no request was, or would have been, refused", places.len()));
        return Ok(Outcome::Fine);
    }
    writeln!(out, "{BOLD}What was refused, or would be with `waf.mode = \"block\"`{BOLD:#}")?;
    for place in &refused {
        let clients = usize::try_from(number(place, "client_count")).unwrap_or(usize::MAX);
        writeln!(
            out,
            "\n{HEADING}{}{HEADING:#} {}  {DIM}rule {}{DIM:#}",
            text(place, "site"),
            text(place, "path"),
            number(place, "rule"),
        )?;
        writeln!(out, "  {}", text(place, "message"))?;
        let (times, clients) = (times(number(place, "refused")), people(clients));
        writeln!(out, "  {} in {}, {clients}; last: {}", text(place, "target"), times, text(place, "last"))?;
    }
    writeln!(out, "\n{BOLD}If these are no attacks, this lets them pass{BOLD:#}\n")?;
    for place in &refused {
        let reason = format!("{} on {}", text(place, "message"), text(place, "path"));
        exclusion(&mut out, number(place, "rule"), &text(place, "target"), &reason)?;
    }
    let shed = number(&found, "shed");
    if shed > 0 {
        output::say(&format!("{shed} matches in other places found no room and are not shown"));
    }
    Ok(Outcome::Fine)
}

/// Explains what rules found in one request.
pub(in super::super) fn request(id: &str, wall: &RunningWall, format: Format) -> anyhow::Result<Outcome> {
    if !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        output::hint(
            "a request's number has letters and digits alone; it stands on the page that was shown, and in the log",
        );
        return Ok(Outcome::Usage);
    }
    let Some(event) = wall.ask(&format!("/waf/requests/{id}"))? else {
        output::hint(&format!(
            "the firewall found nothing in a request {id}, or it is too long ago; the access log has all of them"
        ));
        return Ok(Outcome::Problems);
    };
    let mut out = anstream::stdout();
    if format == Format::Json {
        writeln!(out, "{}", serde_json::to_string_pretty(&event)?)?;
        return Ok(Outcome::Fine);
    }
    let outcome = match event["outcome"].as_str() {
        Some("refused") => "was refused",
        Some("would-refuse") => "passed; with `waf.mode = \"block\"` it would have been refused",
        _ => "passed",
    };
    writeln!(out, "{BOLD}{} {} on {}{BOLD:#}", text(&event, "method"), text(&event, "path"), text(&event, "site"))?;
    let score = event["score"].as_i64().map_or_else(String::new, |score| format!(" · score {score}"));
    // Whoever may not see clients is told none.
    let client = Some(text(&event, "client")).filter(|client| !client.is_empty());
    let client = client.map_or_else(String::new, |client| format!(" · from {client}"));
    writeln!(out, "{DIM}{}{client}{score}{DIM:#}\n", text(&event, "id"))?;
    writeln!(out, "It {outcome}.")?;
    let rules: Vec<&Value> = event["rules"].as_array().into_iter().flatten().collect();
    for rule in &rules {
        writeln!(out, "\n{HEADING}{}{HEADING:#}  {}", number(rule, "id"), text(rule, "message"))?;
        for part in rule["parts"].as_array().into_iter().flatten() {
            let word = |at: usize| visible(part[at].as_str().unwrap_or_default()).into_owned();
            writeln!(out, "    {}: {CODE}{}{CODE:#}", word(0), word(1))?;
        }
        writeln!(out, "    {DIM}{}{DIM:#}", text(rule, "place"))?;
    }
    writeln!(out, "\n{BOLD}If this is no attack, the narrowest way to let it pass{BOLD:#}\n")?;
    for rule in &rules {
        let target = rule["parts"][0][0].as_str().unwrap_or_default();
        // Rules that only add up what others found have nothing of their own to leave out.
        if !target.is_empty() && !target.starts_with("TX:") {
            exclusion(&mut out, number(rule, "id"), &visible(target), &text(rule, "message"))?;
        }
    }
    Ok(Outcome::Fine)
}

/// Writes a table to paste below its site.
fn exclusion(out: &mut impl std::io::Write, rule: u64, target: &str, reason: &str) -> std::io::Result<()> {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    writeln!(out, "{CODE}[[site.waf.exclude]]")?;
    writeln!(out, "rules = \"{rule}\"")?;
    if !target.is_empty() && !target.starts_with("TX:") {
        writeln!(out, "target = {}", quoted(target))?;
    }
    writeln!(out, "reason = {}{CODE:#}\n", quoted(reason))
}

fn text(value: &Value, key: &str) -> String {
    visible(value[key].as_str().unwrap_or_default()).into_owned()
}

fn number(value: &Value, key: &str) -> u64 {
    value[key].as_u64().unwrap_or_default()
}

fn times(count: u64) -> String {
    if count == 1 { "one request".to_owned() } else { format!("{count} requests") }
}

fn people(count: usize) -> String {
    match count {
        1 => "from one client".to_owned(),
        16.. => "from sixteen clients or more".to_owned(),
        count => format!("from {count} clients"),
    }
}
