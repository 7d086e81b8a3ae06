//! A rewrite with arguments confuses what follows in old versions.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cve, Spec};
use crate::facts::blocks::At;
use crate::facts::nginx::{Peer, is_open};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// A rewrite with arguments confuses what follows in old versions.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unnamed-captures",
        title: "A rewrite with arguments confuses what follows in old versions",
        why: "After a rewrite whose target has a question mark, versions before 1.30.1 and 1.31.0 take a $1 of a \
              following set or if for part of arguments, and write beyond their memory. A request of a visitor is \
              enough. Newer versions are not affected.",
        fix: &[(Nginx, "rewrite ^/(.*)$ /x?y=1 last;")],
        references: &[
            Cve("CVE-2026-42945"),
            Spec("nginx: rewrite", "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#rewrite"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        rewrite ^/(.*)$ /x?y=1;
        set $z $1;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        set $z $1;
        rewrite ^/(.*)$ /x?y=1;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("rewrite").filter(|node| is_affected(*node)) {
            let said = seen.at(node, "$1 is used after a rewrite with arguments");
            if nginx.reader(Peer::Next).sees(node) {
                said.peer(Peer::Next, "unnamed_groups", "");
            }
        }
    });
}

fn is_affected(rewrite: At<'_>) -> bool {
    let to = rewrite.arg(1).unwrap_or_default();
    let flag = rewrite.arg(2).unwrap_or_default().to_ascii_lowercase();
    let is_last = matches!(&*flag, "last" | "break" | "redirect" | "permanent");
    let is_redirect = ["http://", "https://", "$scheme"].iter().any(|start| to.starts_with(start));
    if !to.contains('?') || is_last || is_redirect {
        return false;
    }
    let mut node = rewrite;
    while let Some(parent) = node.parent() {
        for after in parent.children().skip_while(|child| *child != node).skip(1) {
            if after.is("return") || (after.is("break") && !after.is_block()) {
                return false;
            }
            if uses_group(after) {
                return true;
            }
        }
        if !is_open(parent) {
            break;
        }
        node = parent;
    }
    false
}

fn uses_group(node: At<'_>) -> bool {
    let has_group = |text: Option<&str>| {
        text.is_some_and(|text| text.split('$').skip(1).any(|rest| rest.starts_with(|c: char| matches!(c, '1'..='9'))))
    };
    let is_direct = match node.name() {
        "set" => has_group(node.arg(1)),
        "if" => match (node.arg(0), node.arg(1)) {
            (_, Some("=" | "!=")) => has_group(node.arg(2)),
            (Some("-f" | "-d" | "-e" | "-x" | "!-f" | "!-d" | "!-e" | "!-x"), group) => has_group(group),
            _ => false,
        },
        _ => false,
    };
    is_direct || (node.is_block() && is_open(node) && node.children().any(uses_group))
}
