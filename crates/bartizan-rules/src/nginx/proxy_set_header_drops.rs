//! Headers for the app are lost in an inner block.

use std::collections::BTreeSet;

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::blocks::At;
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
        if !nginx.blocks().has("proxy_set_header") {
            return;
        }
        let blocks = nginx.blocks().named_any(&["server", "location"]);
        for node in blocks.into_iter().filter(|node| node.is_block() && next.sees(*node)) {
            let own = names(next, node, false);
            if own.is_empty() {
                continue;
            }
            let above: BTreeSet<String> = node.parents().flat_map(|parent| names(next, parent, true)).collect();
            let lost = &above - &own;
            if lost.is_empty() {
                continue;
            }
            if let Some(at) = headers(next, node).first() {
                let all: Vec<_> = lost.iter().map(String::as_str).collect();
                let said = seen.at(*at, format_args!("not passed on here: {}", all.join(", ")));
                let blanked = node.parents().flat_map(|parent| headers(next, parent)).any(|header| {
                    header.arg(1) == Some("")
                        && !is_default(header)
                        && header.arg(0).is_some_and(|name| lost.contains(&name.to_ascii_lowercase()))
                });
                let is_secure = blanked || lost.iter().any(|name| SECURE.contains(&name.as_str()));
                let severity = if is_secure { Severity::Medium } else { Severity::Low };
                said.own("nginx:proxy-set-header-drops").severity(severity);
                said.peer(Peer::Next, "proxy_set_header_redefinition", format!("{severity} {lost:?}"));
            }
        }
    });
}

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

fn names(next: &Reader, block: At<'_>, is_above: bool) -> BTreeSet<String> {
    let all = headers(next, block).into_iter().filter(|header| !(is_above && is_default(*header)));
    all.filter_map(|header| Some(header.arg(0)?.to_ascii_lowercase())).collect()
}

/// Whether it says what nginx does without it.
fn is_default(header: At<'_>) -> bool {
    let default = match header.arg(0).unwrap_or_default().to_ascii_lowercase().as_str() {
        "host" => "$proxy_host",
        "connection" | "expect" | "keep-alive" | "te" | "upgrade" => "",
        _ => return false,
    };
    header.arg(1).is_some_and(|value| value.eq_ignore_ascii_case(default))
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
