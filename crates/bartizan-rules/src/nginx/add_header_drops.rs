//! Headers of an outer block are lost in an inner one.

use std::fmt;

use super::field_name::{FieldName, FieldNames, listed};
use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::blocks::{At, Blocks};
use crate::facts::nginx::{Peer, Reader};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// Headers of an outer block are lost in an inner one.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "add-header-drops",
        title: "Headers of an outer block are lost in an inner one",
        why: "add_header of an outer block holds only in blocks that have no add_header of their own. One line in a \
              location, an if or an included file takes all security headers away there, and nothing tells of it. \
              Pages of that location can then be framed, sniffed or scripted.",
        fix: &[(Nginx, "include security-headers.conf;  # in each block that has an add_header of its own")],
        references: &[
            Spec("nginx: add_header", "https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header"),
            Spec(
                "nginx: add_header_inherit",
                "https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header_inherit",
            ),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"server {
    add_header X-Content-Type-Options nosniff always;
    location / {
        add_header Cache-Control no-store;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    add_header X-Content-Type-Options nosniff always;
    location / {
        add_header Cache-Control no-store;
        add_header X-Content-Type-Options nosniff always;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in blocks(nginx.blocks()) {
            for field in FIELDS.iter().copied() {
                let ng = nginx.reader(Peer::Ng);
                if let Some((at, lost)) = lost_by_ng(ng, node, field) {
                    let said = seen.at(at, Message(&lost));
                    let is_secure = field == "add_header" && is_secure_loss(ng, node, &lost);
                    if field == "add_header" {
                        said.own("nginx:add-header-drops");
                    }
                    let severity = if is_secure { Severity::Medium } else { Severity::Low };
                    let words = format!("{field} {severity} {}", listed(&lost));
                    said.severity(severity).peer(Peer::Ng, "add_header_redefinition", words);
                }
                let next = nginx.reader(Peer::Next);
                if let Some((at, lost)) = lost_by_next(next, node, field) {
                    let said = seen.at(at, Message(&lost));
                    if field == "add_header" {
                        said.own("nginx:add-header-drops");
                    }
                    let is_secure = field == "add_header" && lost.iter().any(|name| name.is_any(SECURE));
                    let words = format!("{field} {is_secure} {}", listed(&lost));
                    said.peer(Peer::Next, "add_header_redefinition", words);
                }
            }
        }
    });
}

static FIELDS: &[&str] = &["add_header", "add_trailer"];

/// The blocks that have such a directive of their own.
fn blocks(tree: &Blocks) -> Vec<At<'_>> {
    let around = tree.named_any(FIELDS).into_iter().filter_map(At::parent);
    let mut blocks: Vec<_> = around.filter(|block| matches!(block.name(), "if" | "location" | "server")).collect();
    blocks.sort_unstable_by_key(|block| block.id());
    blocks.dedup();
    blocks
}

/// What is said of the names that are lost.
struct Message<'a>(&'a FieldNames<'a>);

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not sent in an inner block that sets headers of its own: {}", listed(self.0))
    }
}

/// The names that a block sets itself.
fn own<'a>(reader: &'a Reader, block: At<'a>, field: &'static str) -> impl Iterator<Item = FieldName<'a>> {
    reader.find(block, field).filter_map(|node| Some(FieldName(node.arg(0)?)))
}

const fn inherit(field: &'static str) -> &'static str {
    match field.as_bytes() {
        b"add_header" => "add_header_inherit",
        _ => "add_trailer_inherit",
    }
}

/// Compared with the nearest block around that has any.
fn lost_by_ng<'a>(ng: &'a Reader, node: At<'a>, field: &'static str) -> Option<(At<'a>, FieldNames<'a>)> {
    own(ng, node, field).next().filter(|_| ng.sees(node))?;
    let parent = node.parents().find(|parent| ng.find(*parent, field).any(|node| node.arg(1).is_some()))?;
    let mode = node.scopes().find_map(|scope| ng.find(scope, inherit(field)).next()).and_then(|mode| mode.arg(0));
    if mode.is_some_and(|mode| mode.eq_ignore_ascii_case("merge")) {
        return None;
    }
    let kept: FieldNames<'_> = own(ng, node, field).collect();
    let lost: FieldNames<'_> = own(ng, parent, field).filter(|name| !kept.contains(name)).collect();
    (!lost.is_empty()).then_some((ng.find(parent, field).next()?, lost))
}

/// Compared with all that was declared in the blocks around, where some of it reached this far.
fn lost_by_next<'a>(next: &'a Reader, node: At<'a>, field: &'static str) -> Option<(At<'a>, FieldNames<'a>)> {
    own(next, node, field).next().filter(|_| next.sees(node))?;
    let parent = node.parent()?;
    let declared = || parent.scopes().flat_map(|scope| own(next, scope, field));
    // Where nothing was declared, nothing is lost.
    declared().next()?;
    if matches!(mode(next, node, field), "merge" | "off") || in_force(next, parent, field).is_empty() {
        return None;
    }
    let kept = in_force(next, node, field);
    let lost: FieldNames<'_> = declared().filter(|name| !kept.contains(name)).collect();
    if lost.is_empty() {
        return None;
    }
    let is_lost = |node: &At<'_>| node.arg(0).is_some_and(|name| lost.contains(&FieldName(name)));
    let above = parent.parents().flat_map(|scope| next.find(scope, field)).find(is_lost);
    let at = above.or_else(|| next.find(node, field).next())?;
    Some((at, lost))
}

fn mode<'a>(next: &'a Reader, node: At<'a>, field: &'static str) -> &'static str {
    if !node.tree().has(inherit(field)) {
        return "on";
    }
    for scope in node.scopes() {
        let modes = next.find(scope, inherit(field)).filter_map(|it| it.arg(0));
        let known = |mode: &str| ["on", "off", "merge"].into_iter().find(|known| mode.eq_ignore_ascii_case(known));
        if let Some(mode) = modes.filter_map(known).last() {
            return mode;
        }
    }
    "on"
}

fn in_force<'a>(next: &'a Reader, node: At<'a>, field: &'static str) -> FieldNames<'a> {
    let mut all = FieldNames::new();
    for scope in node.scopes() {
        let has_own = own(next, scope, field).next().is_some();
        all.extend(own(next, scope, field));
        let mode = mode(next, scope, field);
        if mode == "off" || (mode == "on" && has_own) {
            break;
        }
    }
    all
}

/// Whether what is lost protected something; what a cache header says decides.
fn is_secure_loss(ng: &Reader, node: At<'_>, lost: &FieldNames<'_>) -> bool {
    let parent = node.parents().find(|parent| ng.find(*parent, "add_header").next().is_some());
    lost.iter().any(|name| {
        if name.is_any(SECURE) {
            return true;
        }
        let Some((known, words)) = CONDITIONAL.iter().find(|(known, _)| name.is_any(&[known])) else { return false };
        let lines = parent.into_iter().flat_map(|parent| ng.find(parent, "add_header"));
        lines.filter(|line| line.says(known)).filter_map(|line| line.arg(1)).any(|value| {
            let value = value.to_ascii_lowercase();
            words.iter().any(|word| if *known == "expires" { expires(&value, word) } else { value.contains(word) })
        })
    })
}

fn expires(value: &str, word: &str) -> bool {
    match word {
        "-" => value.strip_prefix('-').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit())),
        "0" => value == "0",
        word => value.contains(word),
    }
}

static SECURE: &[&str] = &[
    "content-security-policy",
    "content-security-policy-report-only",
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
    "x-permitted-cross-domain-policies",
    "x-xss-protection",
];

static CONDITIONAL: &[(&str, &[&str])] = &[
    ("cache-control", &["no-store", "no-cache", "private", "must-revalidate"]),
    ("pragma", &["no-cache"]),
    ("expires", &["0", "-", "1970"]),
    ("content-disposition", &["attachment"]),
    ("x-download-options", &["noopen"]),
];
