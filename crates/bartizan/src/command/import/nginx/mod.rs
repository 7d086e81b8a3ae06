//! From nginx's servers to sites of ours.
//!
//! A server that only leads visitors to HTTPS, or to the one name of a site, becomes a key of that site. Files, FastCGI
//! and tables of variables are not carried over: this is a wall before an app that speaks HTTP.

mod location;
mod server;
mod upstream;
mod words;

use std::path::Path;

use bartizan_audit::Source;
use bartizan_audit::formats::nginx;
use bartizan_headers::HostPattern;
use bartizan_rules::facts::blocks::At;

use super::plan::Plan;
use super::servers::{self, Redirect, Server, Target, push};
use super::written::Written;
use super::{tree_of, values};

/// Returns the configuration, or why the file is none of nginx's.
pub(super) fn convert(source: &Source, upstream: Option<&str>) -> Result<Written, String> {
    let path = Path::new(&**source.path());
    let (tree, name) = tree_of(path)?;
    let reading = nginx::read(&tree, &name).map_err(|error| error.to_string())?;
    let mut plan = Plan::default();
    for problem in &reading.problems {
        plan.lost.push(format!("{}: {}", problem.at, problem.message));
    }
    let root = reading.value.root();
    let http = root.each("http").next().unwrap_or(root);
    let found: Vec<Server<'_>> = http.each("server").filter(|server| server.is_block()).map(server).collect();
    if found.is_empty() {
        return Err("no web server is configured here: there is no block `server`".to_owned());
    }
    for child in http.children().filter(|child| !child.is("server")) {
        words::lose(child, &mut plan);
    }
    // What concerns the process alone has no block, but for the one about connections.
    for child in root
        .children()
        .filter(|child| !child.is("events"))
        .filter(|child| *child != http && child.is_block() && !http.is_root())
    {
        words::lose(child, &mut plan);
    }
    listen(&found, &mut plan);
    server::limits(&found, &mut plan);
    // One that refuses every other name is no site: here those are refused unasked.
    let found: Vec<_> = found
        .into_iter()
        .filter(|one| !(one.hosts.is_empty() && one.strange.is_empty() && location::refuses(one.at)))
        .collect();
    servers::gather(found, &mut plan, |server, site, plan| {
        server::site(server.at, server.is_tls, site, plan);
        location::all(server.at, upstream, site, plan);
    })?;
    Ok(plan.written())
}

fn server(at: At<'_>) -> Server<'_> {
    let (mut hosts, mut strange) = (Vec::new(), Vec::new());
    for name in at.each("server_name").flat_map(At::args) {
        match name.strip_prefix('.') {
            _ if matches!(name, "_" | "") => {}
            Some(rest) => hosts.extend([rest.to_ascii_lowercase(), format!("*.{}", rest.to_ascii_lowercase())]),
            None if name.parse::<HostPattern>().is_ok() => hosts.push(name.to_ascii_lowercase()),
            None => strange.push(format!("server_name {name}")),
        }
    }
    let is_on = at.effective("ssl").is_some_and(|ssl| ssl.says("on"));
    let is_secure = |listen: At<'_>| listen.args().skip(1).any(|arg| matches!(arg, "ssl" | "quic"));
    let is_tls = is_on || at.each("listen").any(is_secure);
    let is_plain = !is_on && (at.each("listen").next().is_none() || at.each("listen").any(|listen| !is_secure(listen)));
    let is_flag = |arg: &str| matches!(arg, "default_server" | "default");
    let is_default = at.each("listen").any(|listen| listen.args().any(is_flag));
    Server { at, hosts, strange, is_tls, is_plain, is_default, redirect: redirect(at) }
}

/// Returns where a server sends everybody, if it does nothing else.
fn redirect(server: At<'_>) -> Option<Redirect<'_>> {
    let is_other = |location: &At<'_>| !location.args().any(|arg| arg.contains("well-known"));
    let mut locations = server.each("location").filter(is_other);
    let all = locations.next().filter(|location| location.args().eq(["/"]));
    let alone = all.filter(|_| locations.next().is_none());
    let nodes = server.last("return").or_else(|| alone?.last("return")).into_iter().chain(server.each("rewrite"));
    nodes.into_iter().find_map(redirection)
}

fn redirection(at: At<'_>) -> Option<Redirect<'_>> {
    let (status, to) = match (at.name(), at.words().len()) {
        ("return", 1) => (302, at.arg(0)?),
        ("return", 2) => (at.arg(0)?.parse().ok()?, at.arg(1)?),
        ("rewrite", _) if matches!(at.arg(0)?, "^" | "^/(.*)$" | "^(.*)$" | "^(.*)" | "^/(.*)") => {
            (if at.arg(2) == Some("permanent") { 301 } else { 302 }, at.arg(1)?)
        }
        _ => return None,
    };
    let (scheme, rest) = to.split_once("://")?;
    let is_address = (300..400).contains(&status) && matches!(scheme, "http" | "https" | "$scheme");
    let rest = rest.replace("${", "$").replace('}', "");
    let end = rest.find('/').into_iter().chain(rest.find("$request_uri")).chain(rest.find("$uri")).min();
    let (host, path) = rest.split_at(end.unwrap_or(rest.len()));
    let name = host.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let to = match (scheme, &*name) {
        ("http", _) => Target::Plain,
        (_, "$host" | "$http_host" | "$server_name") => Target::Same,
        _ => Target::Name(name),
    };
    let keeps_path = matches!(path, "$request_uri" | "/$1" | "$1" | "$uri" | "$uri$is_args$args");
    is_address.then_some(Redirect { at, status, to, keeps_path })
}

/// Addresses of all servers become those of the wall: every site is served on each of them.
fn listen(found: &[Server<'_>], plan: &mut Plan) {
    for server in found {
        if server.at.each("listen").next().is_none() {
            push(&mut plan.listen_http, "0.0.0.0:80".to_owned());
        }
        for listen in server.at.each("listen") {
            let has = |word: &str| listen.args().skip(1).any(|arg| arg == word);
            let Some(address) = values::address(listen.arg(0).unwrap_or_default()) else {
                plan.lose(listen, "not an address that is listened on here");
                continue;
            };
            if has("quic") {
                plan.lose(listen, "HTTP/3 is not spoken");
                continue;
            }
            if has("proxy_protocol") {
                plan.server.text("proxy_protocol", "required");
            }
            let is_tls = has("ssl") || !server.is_plain;
            push(if is_tls { &mut plan.listen } else { &mut plan.listen_http }, address);
        }
    }
}
