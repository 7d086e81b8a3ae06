//! From Apache's virtual hosts to sites of ours.
//!
//! Modules count as loaded, and names of directives are in lower case here. Files, scripts and rewriting are not carried
//! over: this is a wall before an app that speaks HTTP.

mod headers;
mod host;
mod section;
mod upstream;
mod words;

use std::path::Path;

use bartizan_audit::Source;
use bartizan_audit::formats::apache;
use bartizan_headers::HostPattern;
use bartizan_rules::facts::blocks::At;

use super::plan::Plan;
use super::servers::{self, Redirect, Server, Target, push};
use super::written::Written;
use super::{tree_of, values};

/// Returns the configuration, or why the file is none of Apache's.
pub(super) fn convert(source: &Source, upstream: Option<&str>) -> Result<Written, String> {
    let (tree, name) = tree_of(Path::new(&**source.path()))?;
    let reading = apache::read(&tree, &name).map_err(|error| error.to_string())?;
    let mut plan = Plan::default();
    for problem in &reading.problems {
        plan.lost.push(format!("{}: {}", problem.at, problem.message));
    }
    let root = reading.value.root();
    let mut found: Vec<Server<'_>> = root.each("virtualhost").map(server).collect();
    let is_app = |node: At<'_>| matches!(node.name(), "proxypass" | "sslengine" | "servername" | "header");
    if found.is_empty() && root.children().any(is_app) {
        found.push(server(root));
    }
    if found.is_empty() {
        return Err("no server is configured here: there is no <VirtualHost>".to_owned());
    }
    for child in root.children().filter(|child| !found.iter().any(|server| server.at == *child || server.at == root)) {
        words::lose(child, &mut plan);
    }
    listen(root, &found, &mut plan);
    host::limits(root, &mut plan);
    servers::gather(found, &mut plan, |server, site, plan| {
        host::site(server.at, server.is_tls, site, plan);
        upstream::app(server.at, upstream, site, plan);
        section::all(server.at, site, plan);
    })?;
    Ok(plan.written())
}

fn server(at: At<'_>) -> Server<'_> {
    let (mut hosts, mut strange) = (Vec::new(), Vec::new());
    let name = at.last("servername").and_then(|node| node.arg(0)).map(|name| {
        let name = name.split_once("://").map_or(name, |(_, rest)| rest);
        name.split(':').next().unwrap_or(name)
    });
    for name in name.into_iter().chain(at.each("serveralias").flat_map(At::args)) {
        if name.parse::<HostPattern>().is_ok() {
            push(&mut hosts, name.to_ascii_lowercase());
        } else {
            strange.push(format!("server name {name}"));
        }
    }
    let engine = at.effective("sslengine");
    let is_tls = engine.is_some_and(|engine| engine.says("on"));
    let redirect = redirect(at);
    let is_upgraded = upgrade(at).is_some();
    Server { at, hosts, strange, is_tls, is_plain: !is_tls && !is_upgraded, is_default: false, redirect }
}

/// Returns where a server sends everybody.
fn redirect(server: At<'_>) -> Option<Redirect<'_>> {
    server.children().find_map(redirection).or_else(|| upgrade(server))
}

fn redirection(at: At<'_>) -> Option<Redirect<'_>> {
    let words: Vec<_> = at.args().collect();
    let (status, from, to) = match (at.name(), words.as_slice()) {
        ("redirect", [from, to]) => (302, *from, *to),
        ("redirect", [status, from, to]) => (status_of(status)?, *from, *to),
        ("redirectpermanent", [from, to]) => (301, *from, *to),
        ("redirecttemp", [from, to]) => (302, *from, *to),
        _ => return None,
    };
    if from != "/" {
        return None;
    }
    // What follows the path is put behind the address.
    target(to).map(|(to, path)| Redirect { at, status, to, keeps_path: path == "/" })
}

/// Returns the rewriting that leads everybody to HTTPS.
fn upgrade(server: At<'_>) -> Option<Redirect<'_>> {
    let at = server.each("rewriterule").find(|rule| {
        let is_all = rule.arg(0).is_some_and(|from| {
            matches!(from, "^" | "^(.*)$" | "(.*)" | "^/?(.*)" | "^/?(.*)$" | "^/(.*)$" | ".*" | "^.*$")
        });
        is_all && rule.arg(1).is_some_and(|to| to.starts_with("https://"))
    })?;
    let flags = at.arg(2).unwrap_or_default().trim_matches(['[', ']']).to_ascii_lowercase();
    let flag = flags.split(',').map(str::trim).find_map(|flag| flag.strip_prefix('r'))?;
    let status = flag.strip_prefix('=').map_or(Some(302), status_of)?;
    let (to, path) = target(at.arg(1)?)?;
    let keeps_path = matches!(&*path, "%{REQUEST_URI}" | "/$1" | "$1" | "/%{REQUEST_URI}");
    Some(Redirect { at, status, to, keeps_path })
}

fn status_of(word: &str) -> Option<u16> {
    match word {
        "permanent" => Some(301),
        "temp" => Some(302),
        number => number.parse().ok().filter(|status| (300..400).contains(status)),
    }
}

fn target(to: &str) -> Option<(Target, String)> {
    let (scheme, rest) = to.split_once("://")?;
    let end = rest.find('/').into_iter().chain(rest.find("%{REQUEST_URI}")).chain(rest.find("$1")).min();
    let (host, path) = rest.split_at(end.unwrap_or(rest.len()));
    let to = match scheme {
        "https" if host.contains("%{HTTP_HOST}") || host.contains("%{SERVER_NAME}") => Target::Same,
        "https" => Target::Name(host.split(':').next().unwrap_or_default().to_ascii_lowercase()),
        _ => Target::Plain,
    };
    Some((to, path.to_owned()))
}

/// Addresses of all servers become those of the wall: every site is served on each of them.
fn listen(root: At<'_>, found: &[Server<'_>], plan: &mut Plan) {
    let ports: Vec<String> = root
        .each("listen")
        .filter_map(|listen| Some(listen.arg(0)?.rsplit_once(':').map_or(listen.arg(0)?, |(_, port)| port).to_owned()))
        .collect();
    for server in found {
        let own: Vec<_> = if server.at.is_root() { Vec::new() } else { server.at.args().collect() };
        let is_any = |address: &&str| !address.contains(':');
        let mut addresses: Vec<String> = own
            .iter()
            .filter(|address| !is_any(address))
            .map(|address| {
                let address = address.replace("_default_", "*");
                match address.strip_suffix(":*") {
                    Some(host) => format!("{host}:{}", if server.is_tls { 443 } else { 80 }),
                    None => address,
                }
            })
            .collect();
        if own.is_empty() || own.iter().any(is_any) {
            let is_taken = |port: &&String| {
                found.iter().any(|other| other.at.args().any(|address| address.ends_with(&format!(":{port}"))))
            };
            addresses.extend(ports.iter().filter(|port| !is_taken(port)).map(|port| format!("*:{port}")));
        }
        for address in addresses {
            match values::address(&address) {
                Some(address) => push(if server.is_tls { &mut plan.listen } else { &mut plan.listen_http }, address),
                None => plan.lose(server.at, "not an address that is listened on here"),
            }
        }
    }
}
