//! The path reaches the app in another form than it was sent.

use std::borrow::Cow;

use super::address;
use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::blocks::At;
use crate::facts::nginx::{Peer, Possible, Reader, VarName, Variable, is_open};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// The path reaches the app in another form than it was sent.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "proxy-pass-path",
        title: "The path reaches the app in another form than it was sent",
        why: "A path behind the address of proxy_pass replaces the location's, and nginx sends the rest decoded and \
              tidied. What a check in nginx saw and what the app gets are then two things: %2F becomes a slash, \
              /api../ leaves the folder. Without a path nginx passes on what it got.",
        fix: &[(Nginx, "location /api/ {\n    proxy_pass http://127.0.0.1:8000;\n}")],
        references: &[
            Spec("nginx: proxy_pass", "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass"),
            Cwe(22),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location /api {
        proxy_pass http://127.0.0.1:8000/;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location /api {
        proxy_pass http://127.0.0.1:8000;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("proxy_pass") {
            let Some(location) = location(node) else { continue };
            if by_ng(nginx.reader(Peer::Ng), node) {
                let said = seen.at(node, "the path is decoded, or another is put before it");
                said.own("nginx:proxy-pass-path").peer(Peer::Ng, "proxy_pass_normalized", "");
            }
            if let Some(words) = by_next(nginx.reader(Peer::Next), node, location) {
                let said = seen.at(node, "the path is decoded, or another is put before it");
                said.own("nginx:proxy-pass-path").peer(Peer::Next, "proxy_pass_normalized", words);
            }
        }
    });
}

/// The location whose requests are passed on, unless it names one address only.
fn location(node: At<'_>) -> Option<At<'_>> {
    let parent = node.parent()?;
    let location = match parent.name() {
        "location" => parent,
        "limit_except" | "if" => parent.parent().filter(|grandparent| grandparent.is("location"))?,
        _ => return None,
    };
    let target = node.arg(0)?;
    let is_variable = target.starts_with('$') && !target.contains('/');
    let is_exact = location.words().len() == 2 && location.says("=");
    (!is_exact && !is_variable).then_some(location)
}

fn parts(target: &str) -> Option<(Cow<'_, str>, Cow<'_, str>)> {
    let address = address::split(target)?;
    if address.host != "unix:" {
        return Some((address.host, address.path));
    }
    let (socket, path) = address.path.split_once(':').unwrap_or((&address.path, ""));
    Some((socket.to_owned().into(), path.to_owned().into()))
}

fn by_ng(ng: &Reader, node: At<'_>) -> bool {
    let Some((host, path)) = node.arg(0).and_then(parts).filter(|_| ng.sees(node)) else { return false };
    let is_raw = |rewrite: &At<'_>| rewrite.arg(0) == Some("^") && rewrite.arg(1) == Some("$request_uri");
    let rewrites =
        node.parents().filter_map(|parent| ng.find(parent, "rewrite").next()).any(|rewrite| is_raw(&rewrite));
    if !rewrites {
        return !path.is_empty();
    }
    let part = if path.is_empty() { &host } else { &path };
    let has_number = part.split('$').skip(1).any(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    !part.contains("$uri") && !has_number
}

fn by_next(next: &Reader, node: At<'_>, location: At<'_>) -> Option<String> {
    if !next.sees(node) {
        return None;
    }
    let target = node.arg(0)?;
    let (host, path) = parts(target)?;
    let possible = next.possible(node);
    let named = |script: &str| possible.variables(script).collect::<Vec<_>>();
    let hosts = named(&host);
    let sends =
        |part: &Variable| is_decoded(node, part) && ['?', '#', '%'].iter().any(|c| possible.can_contain(part, *c));
    let has_slash = |possible: &Possible<'_>, part: &Variable| possible.can_contain(part, '/');
    let is_decoded = named(&path).iter().any(|part| sends(part))
        || hosts.iter().any(|part| sends(part) && has_slash(&possible, part));
    let mut rewritten = false;
    for rewrite in before(node) {
        let is_raw =
            rewrite.arg(0) == Some("^") && rewrite.arg(1).is_some_and(|to| to.eq_ignore_ascii_case("$request_uri"));
        if !rewrite.is("rewrite") || !is_raw || !next.sees(rewrite) {
            continue;
        }
        rewritten = true;
        if is_conditional(rewrite, node) {
            continue;
        }
        if is_decoded {
            return None;
        }
        break;
    }
    if is_decoded {
        return Some("decoded".to_owned());
    }
    if rewritten {
        let is_open = path.contains('$') || hosts.iter().any(|part| has_slash(&possible, part));
        return (!is_open).then(|| "encoded twice".to_owned());
    }
    let is_plain = !path.is_empty() && !target.contains('$') && node.parent() == Some(location);
    let (modifier, prefix) = match location.words().len() {
        2 => (location.arg(0), location.arg(1)),
        _ => (None, location.arg(0)),
    };
    let prefix = prefix.filter(|prefix| !prefix.starts_with('@') && matches!(modifier, None | Some("^~")))?;
    (is_plain && prefix.ends_with('/') != path.ends_with('/')).then(|| format!("{prefix} {path}"))
}

/// Whether the variable holds the path as it was decoded.
fn is_decoded(node: At<'_>, part: &Variable) -> bool {
    let is_path = |name: &str| matches!(name.trim_start_matches('$'), "uri" | "document_uri");
    let Some(provider) = part.provider else {
        return matches!(&part.name, Some(VarName::Name(name)) if is_path(name));
    };
    let provider = node.tree().at(provider);
    match provider.name() {
        "location" | "rewrite" => true,
        "if" | "map" => provider.arg(0).is_some_and(|name| is_path(&name.to_lowercase())),
        "set" => {
            let depends = part.depends.as_deref().unwrap_or_default();
            depends.iter().any(|part| !matches!(part.name, Some(VarName::Index(_))) && is_decoded(node, part))
        }
        _ => false,
    }
}

/// What stands before a directive, in its block and in those around it.
fn before(node: At<'_>) -> Vec<At<'_>> {
    let mut found = Vec::new();
    // Only these are looked for.
    if !node.tree().has("rewrite") {
        return found;
    }
    let mut inner = node;
    while let Some(parent) = inner.parent() {
        for child in parent.children() {
            found.push(child);
            if child.is_block() && is_open(child) {
                found.extend(open_children(child));
            }
            if child == inner {
                break;
            }
        }
        inner = parent;
    }
    found
}

fn open_children(block: At<'_>) -> Vec<At<'_>> {
    let mut found = Vec::new();
    for child in block.children() {
        found.push(child);
        if child.is_block() && is_open(child) {
            found.extend(open_children(child));
        }
    }
    found
}

fn is_conditional(rewrite: At<'_>, node: At<'_>) -> bool {
    for parent in rewrite.parents() {
        if !is_open(parent) {
            return false;
        }
        if parent.is("if") && !node.parents().any(|scope| scope == parent) {
            return true;
        }
    }
    false
}
