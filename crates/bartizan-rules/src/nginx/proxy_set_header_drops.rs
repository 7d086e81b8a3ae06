//! Headers for the app are lost in an inner block.

use std::collections::BTreeMap;

use super::field_name::{FieldName, FieldNames, listed};
use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::blocks::{At, Blocks, NodeId};
use crate::facts::nginx::{Peer, Reader, is_open};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// Headers for the app are lost in an inner block.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "proxy-set-header-drops",
        title: "Headers for the app are lost in an inner block",
        why: "proxy_set_header of an outer block holds only in blocks that have none of their own. One line in a \
              location takes away X-Real-IP and X-Forwarded-Proto there, so that the app sees nginx as the visitor, \
              or believes the visitor's own headers.",
        fix: &[(Nginx, "include proxy-headers.conf;  # in each block that has a proxy_set_header of its own")],
        references: &[
            Spec(
                "nginx: proxy_set_header",
                "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_set_header",
            ),
            Cwe(348),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"server {
    proxy_set_header X-Real-IP $remote_addr;
    location / {
        proxy_set_header Host $host;
        proxy_pass http://127.0.0.1:8000;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        proxy_set_header X-Real-IP $remote_addr;
        proxy_set_header Host $host;
        proxy_pass http://127.0.0.1:8000;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        let next = nginx.reader(Peer::Next);
        // Of a block with many blocks in it, each of them asks.
        let mut known: BTreeMap<NodeId, Vec<At<'_>>> = BTreeMap::new();
        for node in blocks(nginx.blocks()).into_iter().filter(|node| next.sees(*node)) {
            let set = headers(next, node);
            let own: FieldNames<'_> = names(&set).collect();
            if own.is_empty() {
                continue;
            }
            let above = headers_above(next, node, &mut known);
            let lost: FieldNames<'_> = names(&above).filter(|name| !own.contains(name)).collect();
            if lost.is_empty() {
                continue;
            }
            if let Some(at) = set.first() {
                let said = seen.at(*at, format_args!("not passed on here: {}", listed(&lost)));
                let blanked = above.iter().any(|header| {
                    header.arg(1) == Some("") && header.arg(0).is_some_and(|name| lost.contains(&FieldName(name)))
                });
                let is_secure = blanked || lost.iter().any(|name| name.is_any(SECURE));
                let severity = if is_secure { Severity::Medium } else { Severity::Low };
                said.own("nginx:proxy-set-header-drops").severity(severity);
                let words = format!("{severity} {}", listed(&lost));
                said.peer(Peer::Next, "proxy_set_header_redefinition", words);
            }
        }
    });
}

/// The blocks that have such a header of their own.
fn blocks(tree: &Blocks) -> Vec<At<'_>> {
    let headers = tree.named("proxy_set_header");
    let around = headers.filter_map(|header| header.parents().find(|parent| !is_open(*parent)));
    let mut blocks: Vec<_> = around.filter(|block| matches!(block.name(), "location" | "server")).collect();
    blocks.sort_unstable_by_key(|block| block.id());
    blocks.dedup();
    blocks
}

/// The headers of a block, and of the blocks in it that share its variables.
fn headers<'a>(next: &'a Reader, block: At<'a>) -> Vec<At<'a>> {
    let mut found = Vec::new();
    for child in next.children(block) {
        if child.is("proxy_set_header") {
            found.push(child);
        }
        if child.is_block() && is_open(child) {
            found.extend(headers(next, child));
        }
    }
    found
}

/// The headers of the blocks around that say more than nginx does without them.
fn headers_above<'a>(next: &'a Reader, block: At<'a>, known: &mut BTreeMap<NodeId, Vec<At<'a>>>) -> Vec<At<'a>> {
    let mut above = Vec::new();
    for parent in block.parents() {
        let headers = known.entry(parent.id()).or_insert_with(|| headers(next, parent));
        above.extend(headers.iter().filter(|header| !is_default(**header)));
    }
    above
}

fn names<'a>(headers: &[At<'a>]) -> impl Iterator<Item = FieldName<'a>> {
    headers.iter().filter_map(|header| Some(FieldName(header.arg(0)?)))
}

/// Whether it says what nginx does without it.
fn is_default(header: At<'_>) -> bool {
    let Some(value) = header.arg(1) else { return false };
    let name = FieldName(header.arg(0).unwrap_or_default());
    match value {
        "" => name.is_any(&["connection", "expect", "keep-alive", "te", "upgrade"]),
        _ => value.eq_ignore_ascii_case("$proxy_host") && name.is_any(&["host"]),
    }
}

static SECURE: &[&str] = &[
    "authorization",
    "early-data",
    "forwarded",
    "host",
    "proxy-authorization",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
];
