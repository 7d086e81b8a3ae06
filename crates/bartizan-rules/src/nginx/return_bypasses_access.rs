//! What return answers is not kept from anybody.

use std::collections::{BTreeMap, BTreeSet};

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::blocks::At;
use crate::facts::nginx::{Peer, Reader};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// What return answers is not kept from anybody.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "return-bypasses-access",
        title: "What return answers is not kept from anybody",
        why: "return is done while nginx rewrites the address, before it looks at allow and deny. What it answers is \
              for everybody, though the lines above say otherwise. What is to be kept must be in a file, or behind a \
              location of its own.",
        fix: &[(Nginx, "location / {\n    allow 127.0.0.1;\n    deny all;\n    try_files /secret.txt =404;\n}")],
        references: &[
            Spec("nginx: deny", "https://nginx.org/en/docs/http/ngx_http_access_module.html#deny"),
            Spec("nginx: return", "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#return"),
            Cwe(284),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        allow 127.0.0.1;
        deny all;
        return 200 secret;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        allow 127.0.0.1;
        deny all;
        root /srv/www;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        let mut asked = BTreeSet::new();
        let mut returns = BTreeMap::new();
        for node in nginx.each_of(&["allow", "deny"]) {
            let Some(scope) = node.parent() else { continue };
            let (ng, next) = (nginx.reader(Peer::Ng), nginx.reader(Peer::Next));
            let has_return = || scope.descendants().into_iter().any(|inner| inner.is("return") && ng.sees(inner));
            let is_ng = ng.sees(node) && *returns.entry(scope.id()).or_insert_with(has_return);
            let is_next = next.sees(node) && asked.insert(scope.id()) && answers(next, scope);
            if is_ng || is_next {
                let said = seen.at(node, "a return in this block answers before addresses are looked at");
                said.own("nginx:return-bypasses-access");
                if is_ng {
                    said.peer(Peer::Ng, "return_bypasses_allow_deny", "");
                }
                if is_next {
                    said.peer(Peer::Next, "return_bypasses_allow_deny", "");
                }
            }
        }
    });
}

/// Whether something in the block, outside of internal locations, answers by itself and with more than an error.
fn answers(next: &Reader, block: At<'_>) -> bool {
    next.children(block).any(|child| {
        let is_internal = child.is("location")
            && (child.args().next_back().is_some_and(|path| path.starts_with('@'))
                || next.some(child, "internal").is_some());
        if is_internal {
            return false;
        }
        (child.is("return") && !is_bare_error(child))
            || (child.is("rewrite") && is_redirect(child))
            || (child.is_block() && answers(next, child))
    })
}

fn is_bare_error(node: At<'_>) -> bool {
    let Some(code) = node.arg(0).filter(|_| !node.args().skip(1).any(|arg| !arg.is_empty())) else { return false };
    let is_error = code.parse::<u16>().is_ok_and(|code| code >= 400);
    let has_code = |page: At<'_>| page.args().rev().skip(1).any(|known| known == code);
    is_error && !node.parents().flat_map(|parent| parent.each("error_page")).any(has_code)
}

fn is_redirect(node: At<'_>) -> bool {
    let flag = node.args().next_back().unwrap_or_default().to_ascii_lowercase();
    let is_flag = node.words().len() >= 3 && matches!(&*flag, "permanent" | "redirect");
    let is_address = |to: &str| ["http://", "https://", "$scheme"].iter().any(|start| to.starts_with(start));
    is_flag || node.arg(1).is_some_and(is_address)
}
