//! A group is used that no pattern has.

use std::collections::{BTreeMap, BTreeSet};

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::blocks::{At, NodeId};
use crate::facts::nginx::{Peer, Reader, is_entry};
use crate::facts::regex::Case;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// A group is used that no pattern has.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "invalid-capture",
        title: "A group is used that no pattern has",
        why: "$2 of a pattern with one group is empty. The address or the value that is built of it lacks a part, and \
              a rule that was meant to keep something apart may put it together. nginx does not complain.",
        fix: &[(Nginx, "rewrite ^/x/(.*)$ /y/$1 last;")],
        references: &[Spec("nginx: rewrite", "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#rewrite")],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        rewrite ^/x/(.*)$ /y/$2 last;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        rewrite ^/x/(.*)$ /y/$1 last;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        let mut known = Known::new();
        for node in nginx.each_of(NAMES) {
            if let Some((at, words)) = by_ng(node).filter(|_| nginx.reader(Peer::Ng).sees(node)) {
                let said = seen.at(at, MESSAGE);
                said.peer(Peer::Ng, "invalid_regex", words);
                if !is_given_around(node) {
                    said.own("nginx:invalid-capture");
                }
            }
            for (at, words) in by_next(nginx.reader(Peer::Next), node, &mut known) {
                let said = seen.at(at, MESSAGE);
                said.peer(Peer::Next, "invalid_regex", words);
                if !is_given_around(node) {
                    said.own("nginx:invalid-capture");
                }
            }
        }
    });
}

/// The directives that can name a group.
static NAMES: &[&str] =
    &["rewrite", "map", "set", "return", "proxy_pass", "add_header", "more_set_headers", "try_files"];

const MESSAGE: &str = "a group is used that the pattern does not have, and is empty";

type Numbers = BTreeSet<u32>;

/// The numbers after dollar signs; gixy-next reads one digit, as nginx does.
fn references<'a>(texts: impl Iterator<Item = &'a str>, peer: Peer) -> Numbers {
    let mut numbers = Numbers::new();
    for text in texts {
        let dollars = text.bytes().enumerate().filter(|(_, byte)| *byte == b'$').map(|(at, _)| at + 1);
        for part in dollars.filter_map(|start| text.get(start..)) {
            let end = part.bytes().position(|c| !c.is_ascii_digit()).unwrap_or(part.len());
            let end = if peer == Peer::Next { end.min(1) } else { end };
            let digits = part.get(..end).unwrap_or_default();
            numbers.extend(digits.parse::<u32>().ok().filter(|_| !digits.starts_with('0')));
        }
    }
    numbers
}

/// The numbers that are used and that no group of the pattern has; most directives use none.
fn missing(node: At<'_>, used: &Numbers, pattern: &str, case: Case) -> Option<Numbers> {
    if used.is_empty() {
        return None;
    }
    Some(used - &groups(node, pattern, case)?)
}

fn groups(node: At<'_>, pattern: &str, case: Case) -> Option<Numbers> {
    Some(node.regex(pattern, case).ok()?.group_numbers().collect())
}

/// Whether a location or a condition around has such a group: nginx may still know it.
fn is_given_around(node: At<'_>) -> bool {
    let used = references(node.args().skip(usize::from(node.is("rewrite"))), Peer::Next);
    let pattern = |scope: At<'_>| match (scope.name(), scope.words().len()) {
        ("location", 2) if scope.says("~") || scope.says("~*") => scope.arg(1).map(str::to_owned),
        ("if", 3) if scope.arg(1).is_some_and(|operator| operator.contains('~')) => scope.arg(2).map(str::to_owned),
        _ => None,
    };
    let given = node.parents().filter_map(pattern).filter_map(|pattern| groups(node, &pattern, Case::Sensitive));
    let all: Numbers = given.flatten().collect();
    !all.is_empty() && used.is_subset(&all)
}

fn by_ng(node: At<'_>) -> Option<(At<'_>, String)> {
    let (pattern, case, used, at) = match node.name() {
        "rewrite" => (node.arg(0)?, Case::Sensitive, references(node.arg(1).into_iter(), Peer::Ng), node),
        "set" => {
            let condition = node.within("if").filter(|condition| condition.words().len() >= 3)?;
            let case = match condition.arg(1)? {
                "~" => Case::Sensitive,
                "~*" => Case::Insensitive,
                _ => return None,
            };
            (condition.arg(2)?, case, references(node.arg(1).into_iter(), Peer::Ng), node)
        }
        _ => return None,
    };
    let missing = missing(node, &used, pattern, case)?;
    (!missing.is_empty()).then(|| (at, format!("{} {pattern} {missing:?}", node.name())))
}

fn by_next<'a>(next: &Reader, node: At<'a>, known: &mut Known) -> Vec<(At<'a>, String)> {
    if !next.sees(node) {
        return Vec::new();
    }
    match node.name() {
        "rewrite" => rewrite(node).into_iter().collect(),
        "map" if node.is_block() => node.children().filter(|entry| next.sees(*entry)).filter_map(entry).collect(),
        "set" => match condition(node) {
            Some(said) => said,
            None => scope(node, node.arg(1).into_iter(), known).into_iter().collect(),
        },
        "return" | "proxy_pass" | "add_header" | "more_set_headers" | "try_files" => {
            scope(node, node.args(), known).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn rewrite(node: At<'_>) -> Option<(At<'_>, String)> {
    let pattern = node.arg(0)?;
    let missing = missing(node, &references(node.arg(1).into_iter(), Peer::Next), pattern, Case::Sensitive)?;
    (!missing.is_empty()).then(|| (node, format!("rewrite {pattern} {missing:?}")))
}

fn entry(entry: At<'_>) -> Option<(At<'_>, String)> {
    let pattern = entry.name().strip_prefix('~')?;
    let (pattern, case) = match pattern.strip_prefix('*') {
        Some(pattern) => (pattern, Case::Insensitive),
        None => (pattern, Case::Sensitive),
    };
    let missing = missing(entry, &references(entry.arg(0).into_iter(), Peer::Next), pattern, case)?;
    (!missing.is_empty()).then(|| (entry, format!("map {pattern} {missing:?}")))
}

/// Nothing, if no condition with a pattern is around.
fn condition(node: At<'_>) -> Option<Vec<(At<'_>, String)>> {
    let condition = node.within("if").filter(|condition| condition.words().len() >= 3)?;
    let operator = condition.arg(1)?;
    if !matches!(operator, "~" | "~*" | "!~" | "!~*") {
        return None;
    }
    let used = references(node.arg(1).into_iter(), Peer::Next);
    let pattern = condition.arg(2)?;
    let Some(available) = groups(node, pattern, Case::Sensitive).filter(|_| !used.is_empty()) else {
        return Some(Vec::new());
    };
    let mut said = Vec::new();
    // Where the pattern did not match, its groups are empty, too.
    let empty = &used & &available;
    if operator.starts_with('!') && !empty.is_empty() {
        said.push((node, format!("unmatched {empty:?}")));
    }
    let missing = &used - &available;
    if !missing.is_empty() {
        said.push((node, format!("set {pattern} {missing:?}")));
    }
    Some(said)
}

/// The groups of each server that was asked about; nothing, where a pattern cannot be read.
type Known = BTreeMap<NodeId, Option<Numbers>>;

/// Whether any pattern of the server, or any map, has the groups.
fn scope<'a>(node: At<'a>, texts: impl Iterator<Item = &'a str>, known: &mut Known) -> Option<(At<'a>, String)> {
    let used = references(texts, Peer::Next);
    if used.is_empty() {
        return None;
    }
    let base = node.within("server").unwrap_or(node.tree().root());
    let available = known.entry(base.id()).or_insert_with(|| available(base)).as_ref()?;
    let missing = &used - available;
    (!missing.is_empty()).then(|| (node, format!("scope {missing:?}")))
}

/// The groups that the patterns of a server and the maps of all have.
fn available(base: At<'_>) -> Option<Numbers> {
    let tree = base.tree();
    let mut numbers = Numbers::new();
    for other in tree.named_any(&["if", "location", "rewrite", "server_name"]) {
        if !is_entry(other) && other.parents().any(|around| around == base) {
            for (pattern, case) in patterns(other) {
                numbers.extend(other.regex(pattern, case).ok()?.group_numbers());
            }
        }
    }
    for entry in tree.named("map").flat_map(At::children) {
        if let Some(pattern) = entry.name().strip_prefix('~') {
            let pattern = pattern.strip_prefix('*').unwrap_or(pattern);
            numbers.extend(entry.regex(pattern, Case::Sensitive).ok()?.group_numbers());
        }
    }
    Some(numbers)
}

fn patterns(node: At<'_>) -> Vec<(&str, Case)> {
    let case = |word: &str| if word.ends_with('*') { Case::Insensitive } else { Case::Sensitive };
    match (node.name(), node.words().len()) {
        ("location", 2) if node.says("~") || node.says("~*") => {
            node.arg(1).map(|pattern| (pattern, case(node.arg(0).unwrap_or_default()))).into_iter().collect()
        }
        ("if", 3) if matches!(node.arg(1), Some("~" | "~*" | "!~" | "!~*")) => {
            node.arg(2).map(|pattern| (pattern, case(node.arg(1).unwrap_or_default()))).into_iter().collect()
        }
        ("rewrite", _) => node.arg(0).map(|pattern| (pattern, Case::Sensitive)).into_iter().collect(),
        ("server_name", _) => {
            let patterns = node.args().filter_map(|name| name.strip_prefix('~'));
            patterns.map(|pattern| (pattern.strip_prefix('*').unwrap_or(pattern), Case::Sensitive)).collect()
        }
        _ => Vec::new(),
    }
}
