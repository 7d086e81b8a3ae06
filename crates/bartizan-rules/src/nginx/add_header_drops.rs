//! Headers of an outer block are lost in an inner one.

use std::collections::BTreeSet;

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::blocks::At;
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
        let fields: Vec<_> = ["add_header", "add_trailer"].into_iter().filter(|it| nginx.blocks().has(it)).collect();
        if fields.is_empty() {
            return;
        }
        let blocks = nginx.blocks().named_any(&["server", "location", "if"]);
        for node in blocks.into_iter().filter(|node| node.is_block()) {
            for field in fields.iter().copied() {
                let ng = nginx.reader(Peer::Ng);
                if let Some((at, lost)) = lost_by_ng(ng, node, field) {
                    let said = seen.at(at, message(&lost));
                    let is_secure = field == "add_header" && is_secure_loss(ng, node, &lost);
                    if field == "add_header" {
                        said.own("nginx:add-header-drops");
                    }
                    let severity = if is_secure { Severity::Medium } else { Severity::Low };
                    said.severity(severity).peer(
                        Peer::Ng,
                        "add_header_redefinition",
                        format!("{field} {severity} {lost:?}"),
                    );
                }
                let next = nginx.reader(Peer::Next);
                if let Some((at, lost)) = lost_by_next(next, node, field) {
                    let said = seen.at(at, message(&lost));
                    if field == "add_header" {
                        said.own("nginx:add-header-drops");
                    }
                    let is_secure =
                        field == "add_header" && lost.iter().any(|name| SECURE_NEXT.contains(&name.as_str()));
                    said.peer(Peer::Next, "add_header_redefinition", format!("{field} {is_secure} {lost:?}"));
                }
            }
        }
    });
}

type Names = BTreeSet<String>;

fn message(lost: &Names) -> String {
    let names: Vec<_> = lost.iter().map(String::as_str).collect();
    format!("not sent in an inner block that sets headers of its own: {}", names.join(", "))
}

fn names(reader: &Reader, block: At<'_>, field: &'static str) -> Names {
    reader.find(block, field).filter_map(|node| Some(node.arg(0)?.to_ascii_lowercase())).collect()
}

const fn inherit(field: &'static str) -> &'static str {
    match field.as_bytes() {
        b"add_header" => "add_header_inherit",
        _ => "add_trailer_inherit",
    }
}

/// Compared with the nearest block around that has any.
fn lost_by_ng<'a>(ng: &'a Reader, node: At<'a>, field: &'static str) -> Option<(At<'a>, Names)> {
    ng.find(node, field).next()?;
    let own = names(ng, node, field);
    if !ng.sees(node) || own.is_empty() {
        return None;
    }
    let mode = node.scopes().find_map(|scope| ng.find(scope, inherit(field)).next()).and_then(|mode| mode.arg(0));
    if mode.is_some_and(|mode| mode.eq_ignore_ascii_case("merge")) {
        return None;
    }
    let parent = node.parents().find(|parent| ng.find(*parent, field).any(|node| node.arg(1).is_some()))?;
    let lost = &names(ng, parent, field) - &own;
    (!lost.is_empty()).then_some((ng.find(parent, field).next()?, lost))
}

/// Compared with all that was declared in the blocks around, where some of it reached this far.
fn lost_by_next<'a>(next: &'a Reader, node: At<'a>, field: &'static str) -> Option<(At<'a>, Names)> {
    next.find(node, field).next()?;
    let own = names(next, node, field);
    if !next.sees(node) || own.is_empty() || matches!(mode(next, node, field), "merge" | "off") {
        return None;
    }
    let parent = node.parent()?;
    if in_force(next, parent, field).is_empty() {
        return None;
    }
    let declared: Names = parent.scopes().flat_map(|scope| names(next, scope, field)).collect();
    let lost = &declared - &in_force(next, node, field);
    if lost.is_empty() {
        return None;
    }
    let is_lost = |node: &At<'_>| node.arg(0).is_some_and(|name| lost.contains(&name.to_ascii_lowercase()));
    let above = parent.parents().flat_map(|scope| next.find(scope, field)).find(is_lost);
    let at = above.or_else(|| next.find(node, field).next())?;
    Some((at, lost))
}

fn mode<'a>(next: &'a Reader, node: At<'a>, field: &'static str) -> &'static str {
    for scope in node.scopes() {
        let modes = next.find(scope, inherit(field)).filter_map(|it| it.arg(0)).map(str::to_ascii_lowercase);
        let known = |mode: String| ["on", "off", "merge"].into_iter().find(|known| *known == mode);
        if let Some(mode) = modes.filter_map(known).last() {
            return mode;
        }
    }
    "on"
}

fn in_force(next: &Reader, node: At<'_>, field: &'static str) -> Names {
    let mut all = Names::new();
    for scope in node.scopes() {
        let own = names(next, scope, field);
        let mode = mode(next, scope, field);
        let has_own = !own.is_empty();
        all.extend(own);
        if mode == "off" || (mode == "on" && has_own) {
            break;
        }
    }
    all
}

/// Whether what is lost protected something; what a cache header says decides.
fn is_secure_loss(ng: &Reader, node: At<'_>, lost: &Names) -> bool {
    let parent = node.parents().find(|parent| ng.find(*parent, "add_header").next().is_some());
    lost.iter().any(|name| {
        if SECURE.contains(&name.as_str()) {
            return true;
        }
        let Some((_, words)) = CONDITIONAL.iter().find(|(known, _)| known == name) else { return false };
        let lines = parent.into_iter().flat_map(|parent| ng.find(parent, "add_header"));
        lines.filter(|line| line.says(name)).filter_map(|line| line.arg(1)).any(|value| {
            let value = value.to_ascii_lowercase();
            words.iter().any(|word| if name == "expires" { expires(&value, word) } else { value.contains(word) })
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

static SECURE_NEXT: &[&str] = SECURE;

static CONDITIONAL: &[(&str, &[&str])] = &[
    ("cache-control", &["no-store", "no-cache", "private", "must-revalidate"]),
    ("pragma", &["no-cache"]),
    ("expires", &["0", "-", "1970"]),
    ("content-disposition", &["attachment"]),
    ("x-download-options", &["noopen"]),
];
