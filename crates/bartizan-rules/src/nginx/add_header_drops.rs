//! Headers of an outer block are lost in an inner one.

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
        let lines = Lines::of(nginx.blocks());
        for block in lines.blocks() {
            for field in FIELDS.iter().copied() {
                let peers = [(Peer::Ng, lost_by_ng as Lost), (Peer::Next, lost_by_next)];
                for (peer, lost) in peers {
                    let reader = nginx.reader(peer);
                    let own = Own { reader, lines: &lines, field };
                    let Some((at, lost)) = lost(&own, block) else { continue };
                    let names = listed(&lost);
                    let said = seen.at(at, [MESSAGE, &names].concat());
                    if field == "add_header" {
                        said.own("nginx:add-header-drops");
                    }
                    let is_secure = field == "add_header"
                        && match peer {
                            Peer::Next => lost.iter().any(|name| name.is_any(SECURE)),
                            Peer::Ng => is_secure_loss(&own, block, &lost),
                        };
                    if peer == Peer::Ng {
                        said.severity(if is_secure { Severity::Medium } else { Severity::Low });
                    }
                    let secure = if is_secure { " secure " } else { " " };
                    said.peer(peer, "add_header_redefinition", [field, secure, &names].concat());
                }
            }
        }
    });
}

static FIELDS: &[&str] = &["add_header", "add_trailer"];

const MESSAGE: &str = "not sent in an inner block that sets headers of its own: ";

/// The directives of these fields, by the blocks that they stand in.
struct Lines<'a> {
    lines: Vec<(At<'a>, At<'a>)>,
}

impl<'a> Lines<'a> {
    fn of(tree: &'a Blocks) -> Self {
        let lines = tree.named_any(FIELDS).into_iter();
        let mut lines: Vec<_> = lines.filter_map(|line| Some((line.parent()?, line))).collect();
        lines.sort_by_key(|(block, _)| block.id());
        Self { lines }
    }

    /// The blocks that have such a directive of their own and may lose others.
    fn blocks(&self) -> Vec<At<'a>> {
        let blocks = self.lines.iter().map(|(block, _)| *block);
        let mut blocks: Vec<_> = blocks.filter(|block| matches!(block.name(), "if" | "location" | "server")).collect();
        blocks.dedup();
        blocks
    }

    fn of_block(&self, block: At<'a>) -> &[(At<'a>, At<'a>)] {
        let start = self.lines.partition_point(|(known, _)| known.id() < block.id());
        let rest = self.lines.get(start..).unwrap_or_default();
        rest.get(..rest.partition_point(|(known, _)| known.id() == block.id())).unwrap_or_default()
    }
}

/// What blocks set themselves of one field, as one peer sees it.
struct Own<'a> {
    reader: &'a Reader,
    lines: &'a Lines<'a>,
    field: &'static str,
}

/// What a block loses, and the line to say it at.
type Lost = for<'a> fn(&Own<'a>, At<'a>) -> Option<(At<'a>, FieldNames<'a>)>;

impl<'a> Own<'a> {
    fn lines(&self, block: At<'a>) -> impl Iterator<Item = At<'a>> + use<'a> {
        let (reader, field) = (self.reader, self.field);
        let lines = self.lines.of_block(block).iter().map(|(_, line)| *line);
        lines.filter(move |line| line.is(field) && reader.sees(*line))
    }

    fn names(&self, block: At<'a>) -> impl Iterator<Item = FieldName<'a>> + use<'a> {
        self.lines(block).filter_map(|line| Some(FieldName(line.arg(0)?)))
    }
}

const fn inherit(field: &'static str) -> &'static str {
    match field.as_bytes() {
        b"add_header" => "add_header_inherit",
        _ => "add_trailer_inherit",
    }
}

/// Compared with the nearest block around that has any.
fn lost_by_ng<'a>(own: &Own<'a>, block: At<'a>) -> Option<(At<'a>, FieldNames<'a>)> {
    own.names(block).next().filter(|_| own.reader.sees(block))?;
    let parent = block.parents().find(|parent| own.lines(*parent).any(|line| line.arg(1).is_some()))?;
    let mode = |scope| own.reader.find(scope, inherit(own.field)).next();
    if block.tree().has(inherit(own.field)) && block.scopes().find_map(mode).is_some_and(|mode| mode.says("merge")) {
        return None;
    }
    let kept: FieldNames<'_> = own.names(block).collect();
    let lost: FieldNames<'_> = own.names(parent).filter(|name| !kept.contains(name)).collect();
    (!lost.is_empty()).then_some((own.lines(parent).next()?, lost))
}

/// Compared with all that was declared in the blocks around, where some of it reached this far.
fn lost_by_next<'a>(own: &Own<'a>, block: At<'a>) -> Option<(At<'a>, FieldNames<'a>)> {
    own.names(block).next().filter(|_| own.reader.sees(block))?;
    let parent = block.parent()?;
    let declared = || parent.scopes().flat_map(|scope| own.names(scope));
    // Where nothing was declared, nothing is lost.
    declared().next()?;
    if matches!(mode(own, block), "merge" | "off") || in_force(own, parent).is_empty() {
        return None;
    }
    let kept = in_force(own, block);
    let lost: FieldNames<'_> = declared().filter(|name| !kept.contains(name)).collect();
    if lost.is_empty() {
        return None;
    }
    let is_lost = |line: &At<'_>| line.arg(0).is_some_and(|name| lost.contains(&FieldName(name)));
    let above = parent.parents().flat_map(|scope| own.lines(scope)).find(is_lost);
    let at = above.or_else(|| own.lines(block).next())?;
    Some((at, lost))
}

fn mode(own: &Own<'_>, block: At<'_>) -> &'static str {
    let inherit = inherit(own.field);
    if !block.tree().has(inherit) {
        return "on";
    }
    for scope in block.scopes() {
        let modes = own.reader.find(scope, inherit).filter_map(|it| it.arg(0));
        let known = |mode: &str| ["on", "off", "merge"].into_iter().find(|known| mode.eq_ignore_ascii_case(known));
        if let Some(mode) = modes.filter_map(known).last() {
            return mode;
        }
    }
    "on"
}

fn in_force<'a>(own: &Own<'a>, block: At<'a>) -> FieldNames<'a> {
    let mut all = FieldNames::new();
    for scope in block.scopes() {
        let has_own = own.names(scope).next().is_some();
        all.extend(own.names(scope));
        let mode = mode(own, scope);
        if mode == "off" || (mode == "on" && has_own) {
            break;
        }
    }
    all
}

/// Whether what is lost protected something; what a cache header says decides.
fn is_secure_loss<'a>(own: &Own<'a>, block: At<'a>, lost: &FieldNames<'_>) -> bool {
    let parent = block.parents().find(|parent| own.lines(*parent).next().is_some());
    lost.iter().any(|name| {
        if name.is_any(SECURE) {
            return true;
        }
        let Some((known, words)) = CONDITIONAL.iter().find(|(known, _)| name.is_any(&[known])) else { return false };
        let lines = parent.into_iter().flat_map(|parent| own.lines(parent));
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
