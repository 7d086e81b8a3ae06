//! A location without a final slash leads out of its folder.

use crate::Edit;
use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::blocks::At;
use crate::facts::nginx::{Peer, Reader, Value};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A location without a final slash leads out of its folder.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "alias-traversal",
        title: "A location without a final slash leads out of its folder",
        why: "With `location /i` and `alias /srv/images/` the address /i../secret becomes /srv/images/../secret. \
              Everything beside the folder can be fetched: configuration, keys, the app's source. With a final slash \
              in the location the trick has no place.",
        fix: &[(Nginx, "location /i/ {\n    alias /srv/images/;\n}")],
        references: &[Spec("nginx: alias", "https://nginx.org/en/docs/http/ngx_http_core_module.html#alias"), Cwe(22)],
    },
    topic: Topic::Nginx,
    severity: Severity::High,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location /i {
        alias /srv/images/;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location /i/ {
        alias /srv/images/;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("alias") {
            for peer in [Peer::Ng, Peer::Next] {
                for severity in escapes(nginx.reader(peer), node) {
                    let said = seen.at(node, "a visitor can climb out of the folder");
                    said.own("nginx:alias-traversal").severity(severity).peer(
                        peer,
                        "alias_traversal",
                        severity.as_str(),
                    );
                    if let Some(edit) = closed(node) {
                        said.edit(edit);
                    }
                }
            }
        }
    });
}

fn escapes(reader: &Reader, alias: At<'_>) -> Vec<Severity> {
    let Some(location) = alias.within("location").filter(|_| reader.sees(alias)) else { return Vec::new() };
    let path = alias.arg(0).unwrap_or_default();
    let (modifier, prefix) = match location.words().len() {
        2 => (location.arg(0), location.arg(1)),
        _ => (None, location.arg(0)),
    };
    let prefix = prefix.unwrap_or_default();
    match modifier {
        Some("~" | "~*") => by_pattern(reader, alias, path, prefix),
        None | Some("^~") if !prefix.ends_with('/') => {
            vec![if path.ends_with('/') { Severity::High } else { Severity::Medium }]
        }
        _ => Vec::new(),
    }
}

/// What a group matched goes on behind the folder's name: it must not begin with a dot, unless a slash stands between.
fn by_pattern(reader: &Reader, alias: At<'_>, path: &str, pattern: &str) -> Vec<Severity> {
    let possible = reader.possible(alias);
    let pattern = unescaped(pattern);
    let mut found = Vec::new();
    let mut from = 0;
    let mut before: Option<String> = None;
    for part in possible.compile(path) {
        let shown = match &part.value {
            Value::Regex(regex) => regex.to_string(),
            Value::Text(text) => text.to_string(),
            _ => String::new(),
        };
        let group = format!("({shown})");
        let is_group = matches!(part.value, Value::Regex(_));
        let place = pattern.get(from..).and_then(|rest| rest.find(&group)).map(|at| from + at).filter(|_| is_group);
        if let Some(place) = place {
            from = place;
            let starts = || possible.must_start(&part, '/');
            let has_slash = pattern.get(..place).is_some_and(|text| text.ends_with('/')) || starts();
            let is_closed = before.as_ref().map(|text| text.ends_with('/'));
            let severity = match (is_closed, has_slash) {
                (None, _) => Some(Severity::High),
                (Some(true), false) if !possible.can_start(&part, '.') => None,
                (Some(true), false) if possible.can_contain(&part, '/') => Some(Severity::High),
                (Some(_), false) => Some(Severity::Medium),
                (Some(false), true) if !starts() => Some(Severity::Medium),
                (Some(_), true) => None,
            };
            found.extend(severity);
        }
        before = Some(shown);
    }
    found
}

fn unescaped(pattern: &str) -> String {
    let mut chars = pattern.chars();
    let mut text = String::new();
    while let Some(c) = chars.next() {
        text.push(if c == '\\' { chars.next().unwrap_or(c) } else { c });
    }
    text
}

/// A final slash for the location; its folder has one already.
fn closed(alias: At<'_>) -> Option<Edit> {
    let location = alias.within("location")?;
    let number = location.words().len().checked_sub(1)?;
    let path = location.arg(number)?;
    let is_prefix = !location.says("~") && !location.says("~*") && path.starts_with('/') && !path.ends_with('/');
    let is_closed = alias.arg(0)?.ends_with('/');
    (is_prefix && is_closed).then(|| location.with_word(number, &format!("{path}/"), Safety::Safe))?
}
