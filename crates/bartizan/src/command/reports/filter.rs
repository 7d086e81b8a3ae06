//! Which groups a command is about, and the forms they are written in.

use std::fmt::Write as _;

use bartizan_reports::collector::now;
use bartizan_reports::import::instant;
use bartizan_reports::store::{Filter, Group, NoiseFilter, Order};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::output::visible::visible;

/// Which groups are meant.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// Only this site.
    #[arg(long, value_name = "SITE")]
    pub site: Option<String>,
    /// Only this version of the policy.
    #[arg(long, value_name = "VERSION")]
    pub policy: Option<String>,
    /// Only this kind, such as csp-violation or network-error.
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// Only what happened so: a directive, a type of network error, a feature.
    #[arg(long, visible_alias = "what", value_name = "NAME")]
    pub directive: Option<String>,
    /// Only where the target or the source holds this text.
    #[arg(long, value_name = "TEXT")]
    pub text: Option<String>,
    /// Only what was seen since: a time such as 2026-01-31T12:00:00Z, or 30m, 12h, 7d ago.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub since: Option<i64>,
    /// Only what was first seen before.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub until: Option<i64>,
    /// What becomes of noise: extensions, injected code, foreign pages.
    #[arg(long, value_enum, default_value_t)]
    pub noise: Noise,
}

/// What becomes of noise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Noise {
    /// It is among the rest, and marked.
    #[default]
    Include,
    /// It is left out.
    Exclude,
    /// It alone.
    Only,
}

/// The form of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// For people.
    #[default]
    Table,
    /// One JSON object a line.
    #[value(alias = "json")]
    Jsonl,
    /// For spreadsheets; no field can become a formula.
    Csv,
}

impl Which {
    /// Returns the filter.
    pub(super) fn filter(&self, order: Order, limit: usize) -> Filter {
        Filter {
            site: self.site.clone(),
            policy: self.policy.clone(),
            kind: self.kind.clone(),
            what: self.directive.clone(),
            text: self.text.clone(),
            since: self.since,
            until: self.until,
            noise: match self.noise {
                Noise::Include => NoiseFilter::Include,
                Noise::Exclude => NoiseFilter::Exclude,
                Noise::Only => NoiseFilter::Only,
            },
            order,
            limit,
        }
    }
}

/// Reads a time, or how long ago it is.
fn time(text: &str) -> Result<i64, String> {
    let ago = text.char_indices().last().and_then(|(at, unit)| {
        let unit = UNITS.iter().find_map(|(known, millis)| (*known == unit).then_some(*millis))?;
        text.get(..at)?.parse::<u32>().ok().map(|number| now().saturating_sub(i64::from(number).saturating_mul(unit)))
    });
    ago.or_else(|| instant(text))
        .ok_or_else(|| "neither a time, such as 2026-01-31T12:00:00Z, nor 30m, 12h or 7d".into())
}

const UNITS: &[(char, i64)] = &[('s', 1000), ('m', 60_000), ('h', 3_600_000), ('d', 86_400_000)];

/// Writes milliseconds since 1970 as a time.
pub(crate) fn written(millis: i64) -> String {
    jiff::Timestamp::from_millisecond(millis).map_or_else(|_| millis.to_string(), |time| format!("{time:.0}"))
}

/// Returns a group as JSON.
pub(super) fn as_json(group: &Group) -> Value {
    json!({
        "group": group.id.to_string(),
        "site": group.site,
        "policy": group.policy,
        "kind": group.subject.kind,
        "what": group.subject.what,
        "target": group.subject.target,
        "source": group.subject.source,
        "disposition": group.subject.disposition,
        "noise": group.subject.noise.map(bartizan_reports::noise::Class::as_str),
        "count": group.count,
        "clients": group.clients.estimate(),
        "first_seen": written(group.first_seen),
        "last_seen": written(group.last_seen),
    })
}

/// Writes JSON on one line; what would steer a terminal is escaped, which JSON can do without changing it.
pub(crate) fn harmless(json: &Value) -> String {
    escaped(&json.to_string())
}

/// The same, for people.
pub(crate) fn harmless_lines(json: &Value) -> String {
    escaped(&serde_json::to_string_pretty(json).unwrap_or_default())
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        // Such characters stand within strings only; JSON's own blanks are no others but line ends.
        if character != '\n' && visible(character.encode_utf8(&mut [0; 4])).len() != character.len_utf8() {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(character);
        }
    }
    out
}

/// The names of the columns, in the order of [`as_csv`].
pub(super) const COLUMNS: &str =
    "group,site,policy,kind,what,target,source,disposition,noise,count,clients,first_seen,last_seen";

/// Returns a group as a line of comma-separated values (RFC 4180).
pub(super) fn as_csv(group: &Group) -> String {
    let subject = &group.subject;
    let fields = [
        field(&group.id.to_string()),
        field(&group.site),
        field(&group.policy),
        field(&subject.kind),
        field(&subject.what),
        field(&subject.target),
        field(&subject.source),
        field(&subject.disposition),
        field(subject.noise.map_or("", bartizan_reports::noise::Class::as_str)),
        group.count.to_string(),
        group.clients.estimate().to_string(),
        written(group.first_seen),
        written(group.last_seen),
    ];
    fields.join(",")
}

/// Quotes a field; one that a spreadsheet would calculate begins with an apostrophe instead.
fn field(text: &str) -> String {
    let text = visible(text);
    let is_formula =
        text.trim_start().starts_with(['=', '+', '-', '@', '|', '%', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}']);
    format!("\"{}{}\"", if is_formula { "'" } else { "" }, text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_is_a_formula() {
        for (text, expected) in [
            ("https://a.example/", "\"https://a.example/\""),
            ("=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""),
            ("+1", "\"'+1\""),
            ("-1", "\"'-1\""),
            ("@x", "\"'@x\""),
            ("  =x", "\"'  =x\""),
            ("\t=x", "\"\\x09=x\""),
            ("\r\n=x", "\"\\x0d\\x0a=x\""),
            ("a\"b", "\"a\"\"b\""),
            ("", "\"\""),
        ] {
            assert_eq!(field(text), expected);
        }
    }

    #[test]
    fn times_are_read_as_instants_or_as_how_long_ago() {
        assert_eq!(time("1970-01-01T00:00:01Z"), Ok(1000));
        for text in ["", "7", "d", "7w", "-7d", "yesterday"] {
            assert!(time(text).is_err(), "{text}");
        }
        assert!(time("7d").is_ok_and(|time| time < now() - 6 * 86_400_000));
    }
}
