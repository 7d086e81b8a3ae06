//! A visitor can end a header and begin another.

use super::decoded;
use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::blocks::At;
use crate::facts::nginx::{Peer, VarName, Variable};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A visitor can end a header and begin another.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "http-splitting",
        title: "A visitor can end a header and begin another",
        why: "A variable with the decoded path, or a group that matches line feeds, goes into a header or a request \
              to the app. %0d%0a in the address then ends the line, and what follows is the attacker's: a cookie, a \
              redirect, a whole second request. $request_uri is never decoded and cannot do that.",
        fix: &[(Nginx, "return 301 https://www.example.org$request_uri;")],
        references: &[
            Spec("nginx: return", "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#return"),
            Cwe(113),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::High,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        return 302 https://www.example.org$uri;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        return 302 https://www.example.org$request_uri;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        let names = ["rewrite", "return", "add_header", "proxy_set_header", "proxy_pass"];
        for node in nginx.each_of(&names) {
            for peer in [Peer::Ng, Peer::Next] {
                let reader = nginx.reader(peer);
                let Some(value) = value(node, peer).filter(|value| reader.sees(node) && value.contains('$')) else {
                    continue;
                };
                let possible = reader.possible(node);
                // What is written out is nobody's.
                for part in possible.variables(value) {
                    if peer == Peer::Ng && node.is("proxy_pass") && is_path(&part) && decoded::is_safe(&possible, node)
                    {
                        continue;
                    }
                    let is_request = node.name().starts_with("proxy_");
                    let sign = if possible.can_contain(&part, '\n') {
                        "a line feed"
                    } else if !is_request && possible.can_contain(&part, '\r') {
                        "a carriage return"
                    } else {
                        continue;
                    };
                    let name = shown(&part);
                    let said = seen.at(node, format_args!("{name} can hold {sign}"));
                    said.own("nginx:http-splitting").peer(peer, "http_splitting", [&name, " ", sign].concat());
                    if let Some((number, word)) = mended(node) {
                        said.edit(node.with_word(
                            number,
                            &word,
                            Safety::Risky("the address is no longer decoded before it is passed on"),
                        ));
                    }
                }
            }
        }
    });
}

fn value<'a>(node: At<'a>, peer: Peer) -> Option<&'a str> {
    let count = node.words().len();
    match node.name() {
        "return" => {
            let first = node.arg(0)?;
            let is_redirect = |status: &str| matches!(status, "301" | "302" | "303" | "307" | "308");
            let status = if peer == Peer::Ng { first.trim_start_matches('0') } else { first };
            match count {
                1 => ["http://", "https://", "$scheme"].iter().any(|start| first.starts_with(start)).then_some(first),
                2 => node.arg(1).filter(|_| is_redirect(status)),
                _ if peer == Peer::Next => node.arg(1).filter(|_| is_redirect(status)),
                _ => None,
            }
        }
        "proxy_pass" => node.arg(0),
        _ => node.arg(1),
    }
}

fn is_path(part: &Variable) -> bool {
    matches!(&part.name, Some(VarName::Name(name)) if matches!(&**name, "uri" | "document_uri"))
}

/// The variable as it is written.
pub(super) fn shown(part: &Variable) -> String {
    match &part.name {
        Some(VarName::Index(index)) => format!("${index}"),
        Some(VarName::Name(name)) => ["$", name].concat(),
        None => "a text".to_owned(),
    }
}

/// The word with the path as it was sent, where it ends with the decoded path.
fn mended(node: At<'_>) -> Option<(usize, String)> {
    let number = node.words().len().checked_sub(1).filter(|_| node.is("return"))?;
    let word = node.arg(number)?;
    let start = word.strip_suffix("$uri").or_else(|| word.strip_suffix("$document_uri"))?;
    Some((number, format!("{start}$request_uri")))
}
