//! Locations: the one for everything names the app, the others become routes where they differ.
//!
//! What guarded a location and cannot be said here closes it: an import must not open anything.

use bartizan_rules::facts::blocks::At;

use super::super::plan::{Plan, Site};
use super::super::prefixes;
use super::server::{body, headers, requests};
use super::{upstream, words};

/// Fills in the app and the routes.
pub(super) fn all(server: At<'_>, given: Option<&str>, site: &mut Site, plan: &mut Plan) {
    let locations: Vec<_> = server.each("location").collect();
    let root =
        locations.iter().find(|location| location.args().next_back() == Some("/") && location.arg(0) != Some("="));
    let named = root.copied().unwrap_or(server).effective("try_files").and_then(|files| files.args().next_back());
    let named = locations.iter().find(|location| location.arg(0) == named.filter(|name| name.starts_with('@')));
    // What is no file goes to the app by a location of that name.
    let main = root.and_then(|root| root.last("proxy_pass")).or_else(|| named?.last("proxy_pass"));
    let first = || locations.iter().find_map(|location| location.last("proxy_pass"));
    let pass = main.or_else(first);
    let mut found = pass.map(|pass| upstream::addresses(pass, plan)).unwrap_or_default();
    found.retain(|address| upstream::is_address(address));
    if let Some(pass) = pass {
        upstream::options(pass, site, plan);
        if main.is_none() {
            plan.lose(pass, "only this path went to the app; here every path does, unless a route denies it");
        }
    }
    if refuses(server) {
        site.route("/").keys.raw("deny", "true");
    }
    site.upstreams = match given {
        Some(given) => vec![given.to_owned()],
        None if found.is_empty() => {
            plan.lose(server, "no app is named; name it in upstream, or with --upstream");
            vec!["http://127.0.0.1:8000".to_owned()]
        }
        None => found,
    };
    // Who is kept out of all servers is kept out of this one, unless it has words of its own.
    let holder = server.scopes().find(|scope| scope.children().any(|node| is_guard(&node)));
    if holder.and_then(|scope| guard(scope, plan)).is_some() {
        site.route("/").keys.raw("deny", "true");
    }
    for location in &locations {
        route(*location, main, site, plan);
    }
}

fn is_guard(node: &At<'_>) -> bool {
    matches!(node.name(), "allow" | "deny" | "auth_basic" | "auth_request")
}

/// Returns what keeps visitors out of a block, or what cannot be said that keeps some of them out.
fn guard<'a>(scope: At<'a>, plan: &mut Plan) -> Option<At<'a>> {
    let is_open = |node: At<'_>| match node.name() {
        "allow" => node.says("all"),
        "auth_basic" => node.says("off"),
        _ => false,
    };
    let guards: Vec<_> = scope.children().filter(|node| is_guard(node) && !is_open(*node)).collect();
    let first = *guards.first()?;
    // All but a plain `deny all` lets somebody in.
    if guards.iter().any(|node| !(node.is("deny") && node.says("all"))) {
        plan.lose(first, "who may come in cannot be said here, so nobody may: see deny in [[site.route]]");
    }
    guards.iter().any(|node| !node.is("allow")).then_some(first)
}

fn route(location: At<'_>, main: Option<At<'_>>, site: &mut Site, plan: &mut Plan) {
    for child in location.children() {
        words::lose(child, plan);
        if child.is("location") {
            route(child, main, site, plan);
        }
    }
    // The one that the app's name is taken from is for all that no other is for.
    let is_main =
        location.arg(0).is_some_and(|name| name.starts_with('@')) && main.and_then(At::parent) == Some(location);
    let is_root = is_main || (location.args().next_back() == Some("/") && location.arg(0) != Some("="));
    let returned = location.last("return");
    let path = match (location.words().len(), location.arg(0), location.arg(1)) {
        (1, Some(_), _) if is_main => "/",
        (1, Some(path), _) => path,
        (2, Some("^~"), Some(path)) => path,
        (2, Some("="), Some(path)) => {
            if is_refusal(returned) || location.each("proxy_pass").next().is_some() {
                plan.lose(location, "what is below this path is treated alike here");
            }
            path
        }
        _ => return pattern(location, returned, site, plan),
    };
    if path == "/" && location.arg(0) == Some("=") {
        return plan.lose(location, "one path alone cannot be said where all others are below it");
    }
    if !path.starts_with('/') {
        return plan.lose(location, "paths begin with a slash");
    }
    if let Some(returned) = returned {
        let is_page = returned.arg(0).is_some_and(|status| status == "200") || !is_refusal(Some(returned));
        if is_page {
            return plan.lose(returned, "every request goes to the app, or is refused");
        }
        if returned.arg(0) != Some("403") {
            plan.lose(returned, "what is denied is refused with 403");
        }
    }
    let is_denied =
        guard(location, plan).is_some() || is_refusal(returned) || location.each("internal").next().is_some();
    if is_denied {
        site.route(path).keys.raw("deny", "true");
        return;
    }
    if let (Some(own), Some(main)) = (location.last("proxy_pass"), main)
        && own.arg(0) != main.arg(0)
        && address(own) != address(main)
    {
        plan.lose(own, "all of a site goes to one app");
        return;
    }
    let mut scratch = Plan::default();
    let mut keys = super::super::plan::Table::default();
    if let Some(except) = location.last("limit_except") {
        let is_strict = except.each("deny").any(|deny| deny.says("all"));
        let mut methods: Vec<String> = except.args().map(str::to_ascii_uppercase).collect();
        if methods.iter().any(|method| method == "GET") && !methods.iter().any(|method| method == "HEAD") {
            methods.push("HEAD".to_owned());
        }
        if is_strict {
            keys.list("methods", &methods)
        } else {
            plan.lose(except, "other methods are refused, or they are not")
        }
    }
    let server = location.parent();
    let differs = |name: &str| location.each(name).next().is_some();
    if location.children().any(|child| child.is("client_max_body_size")) {
        body(location, &mut keys, plan);
    }
    if location.children().any(|child| child.is("limit_req")) {
        requests(location, &mut keys, plan);
    }
    let own = differs("add_header").then(|| headers(location, plan));
    if is_root {
        // What holds for everything below the root holds for the site.
        for key in ["methods", "body", "requests_per_client"] {
            if let Some(value) = keys.value(key) {
                site.keys.raw(key, value);
            }
        }
        if let Some(own) = own {
            let without = server.map(|server| headers(server, &mut scratch)).unwrap_or_default();
            site.routes
                .iter_mut()
                .filter(|route| route.headers.is_none())
                .for_each(|route| route.headers = Some(without.clone()));
            site.headers = own;
        }
        return;
    }
    let inherited = server.map(|server| headers(server, &mut scratch)).unwrap_or_default();
    let own = own.unwrap_or(inherited);
    let is_different = own != site.headers;
    if is_different || !keys.is_empty() {
        let route = site.route(path);
        route.keys = keys;
        route.headers = is_different.then_some(own);
    }
}

/// What a pattern of paths closes is closed where that can be said.
fn pattern(location: At<'_>, returned: Option<At<'_>>, site: &mut Site, plan: &mut Plan) {
    let is_denied =
        guard(location, plan).is_some() || is_refusal(returned) || location.each("internal").next().is_some();
    let paths = location.args().next_back().and_then(prefixes::of);
    match paths {
        Some(paths) if is_denied => {
            for path in paths {
                site.route(&path).keys.raw("deny", "true");
            }
        }
        None if is_denied => plan.lose(location, "what this closes is open here, unless the app closes it"),
        _ => plan.lose(location, "paths are prefixes here, not patterns"),
    }
}

/// Whether a server answers everybody with nothing.
pub(super) fn refuses(server: At<'_>) -> bool {
    is_refusal(server.last("return"))
}

/// The program and port that requests go to.
fn address(pass: At<'_>) -> Option<&str> {
    pass.arg(0)?.split("://").nth(1)?.split('/').next()
}

/// Whether a visitor is sent away with nothing.
fn is_refusal(returned: Option<At<'_>>) -> bool {
    returned.is_some_and(|node| {
        node.words().len() == 1
            && node.arg(0).is_some_and(|status| matches!(status, "401" | "403" | "404" | "410" | "444"))
    })
}
