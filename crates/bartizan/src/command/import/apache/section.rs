//! `<Location>` sections become routes where they differ from their host.
//!
//! What guarded a path and cannot be said here closes it: an import must not open anything.

use bartizan_rules::facts::blocks::At;

use super::super::plan::{Plan, Site, Table};
use super::super::prefixes;
use super::{headers, words};

/// Fills in the routes.
pub(super) fn all(server: At<'_>, site: &mut Site, plan: &mut Plan) {
    let scopes: Vec<_> = server.scopes().collect();
    for section in scopes.into_iter().rev().flat_map(|scope| scope.each("location")) {
        route(section, site, plan);
    }
    for section in server.scopes().flat_map(|scope| scope.children()) {
        pattern(section, site, plan);
    }
    let proxies: Vec<_> = server.scopes().flat_map(|scope| scope.each("proxy")).collect();
    // Who may not use the proxy gets nothing of an app.
    let is_barred = proxies.into_iter().any(|section| is_closed(section, plan));
    if is_closed(server, plan) || is_barred {
        site.route("/").keys.raw("deny", "true");
    }
}

/// What a pattern of paths, a file's name or a rule closes is closed where that can be said.
fn pattern(node: At<'_>, site: &mut Site, plan: &mut Plan) {
    let words: Vec<_> = node.args().collect();
    let is_section = node.is_block();
    let paths = match (node.name(), words.as_slice()) {
        ("locationmatch", [pattern]) | ("location", ["~", pattern]) => prefixes::of(pattern),
        ("files", [name]) if !name.contains(['*', '?', '[', '/']) => Some(vec![format!("/{name}")]),
        ("files" | "filesmatch" | "locationmatch" | "if" | "limit", _) | ("location", ["~", ..]) => None,
        ("redirect", ["403" | "404" | "410" | "gone", path]) => Some(vec![(*path).to_owned()]),
        ("redirectmatch", ["403" | "404" | "410" | "gone", pattern]) => prefixes::of(pattern),
        ("rewriterule", [pattern, "-", flags]) if refuses(flags) => {
            prefixes::of(pattern).filter(|_| !is_conditional(node))
        }
        _ => return,
    };
    if is_section && closers(node).is_empty() {
        return;
    }
    let Some(paths) = paths else {
        return plan.lose(node, "what this closes is open here, unless the app closes it");
    };
    if !is_section || is_closed(node, plan) {
        for path in paths {
            site.route(&path).keys.raw("deny", "true");
        }
    }
}

/// Whether the flags of a rewriting refuse the request.
fn refuses(flags: &str) -> bool {
    let flags = flags.trim_matches(['[', ']']).to_ascii_lowercase();
    let is_it = |flag: &str| matches!(flag, "f" | "forbidden" | "g" | "gone" | "r=403" | "r=404" | "r=410");
    flags.split(',').map(str::trim).any(is_it)
}

/// Whether a condition stands right before a rule.
fn is_conditional(rule: At<'_>) -> bool {
    let siblings = rule.parent().into_iter().flat_map(At::children);
    siblings.take_while(|node| *node != rule).last().is_some_and(|node| node.is("rewritecond"))
}

fn route(section: At<'_>, site: &mut Site, plan: &mut Plan) {
    for child in section.children() {
        words::lose(child, plan);
    }
    let Some(path) = section.arg(0).filter(|path| path.starts_with('/') && section.words().len() == 1) else {
        return plan.lose(section, "paths are prefixes here, not patterns");
    };
    let mut keys = Table::default();
    if is_closed(section, plan) {
        keys.raw("deny", "true");
    }
    if let Some(node) = section.last("limitrequestbody") {
        match node.arg(0).and_then(|bytes| bytes.parse::<u64>().ok()) {
            Some(0) => keys.text("body", "none"),
            Some(bytes) => keys.text("body", &format!("{bytes}B")),
            None => plan.lose(node, "is not a size"),
        }
    }
    if let Some(except) = section.last("limitexcept") {
        let is_strict = except
            .children()
            .any(|child| child.is("require") && child.args().eq(["all", "denied"]) || child.is("deny"));
        let mut methods: Vec<String> = except.args().map(str::to_ascii_uppercase).collect();
        if methods.iter().any(|method| method == "GET") {
            super::push(&mut methods, "HEAD".to_owned());
        }
        if is_strict {
            keys.list("methods", &methods)
        } else {
            plan.lose(except, "other methods are refused, or they are not")
        }
    }
    let own = section.each("header").next().is_some().then(|| headers::sent(section, plan));
    let own = own.filter(|own| *own != site.headers);
    if path == "/" {
        for key in ["deny", "body", "methods"] {
            match keys.value(key) {
                Some(value) if key == "deny" => site.route("/").keys.raw(key, value),
                Some(value) => site.keys.raw(key, value),
                None => {}
            }
        }
        if let Some(own) = own {
            site.headers = own;
        }
    } else if own.is_some() || !keys.is_empty() {
        let route = site.route(path);
        for key in ["deny", "body", "methods"] {
            if let Some(value) = keys.value(key) {
                route.keys.raw(key, value);
            }
        }
        route.headers = own.or_else(|| route.headers.take());
    }
}

/// The lines that keep visitors out, or some of them.
fn closers(section: At<'_>) -> Vec<At<'_>> {
    let is_it = |node: &At<'_>| match node.name() {
        "require" => !node.args().map(str::to_ascii_lowercase).eq(["all".to_owned(), "granted".to_owned()]),
        "requireall" | "requireany" | "requirenone" => true,
        "deny" | "authtype" | "authuserfile" => true,
        _ => false,
    };
    section.children().filter(is_it).collect()
}

/// Whether visitors are kept out, or some of them by what cannot be said.
fn is_closed(section: At<'_>, plan: &mut Plan) -> bool {
    let guards = closers(section);
    let Some(first) = guards.first() else { return false };
    let is_plain = |node: &At<'_>| {
        node.is("require") && node.args().map(str::to_ascii_lowercase).eq(["all".to_owned(), "denied".to_owned()])
    };
    if !guards.iter().all(is_plain) {
        plan.lose(*first, "who may come in cannot be said here, so nobody may: see deny in [[site.route]]");
    }
    true
}
