//! From a Caddyfile's sites to sites of ours.
//!
//! Caddy makes certificates by itself; here a site has one by its files, or one of our own authority.

mod app;
mod field;
mod global;
mod matcher;
mod site;

use std::path::Path;

use bartizan_audit::Source;
use bartizan_audit::formats::caddy;
use bartizan_headers::HostPattern;
use bartizan_rules::facts::blocks::At;

use super::plan::Plan;
use super::servers::{self, Redirect, Server, Target, push};
use super::tree_of;
use super::written::Written;

/// Returns the configuration, or why the file is none of Caddy's.
pub(super) fn convert(source: &Source, upstream: Option<&str>) -> Result<Written, String> {
    let (tree, name) = tree_of(Path::new(&**source.path()))?;
    let reading = caddy::read(&tree, &name).map_err(|error| error.to_string())?;
    let mut plan = Plan::default();
    for problem in &reading.problems {
        plan.lost.push(format!("{}: {}", problem.at, problem.message));
    }
    let blocks: Vec<_> = reading.value.root().children().filter(|node| node.is_block()).collect();
    let (options, sites): (Vec<_>, Vec<_>) = blocks.into_iter().partition(|node| node.name().is_empty());
    let ports = global::read(&options, &mut plan);
    let found: Vec<Server<'_>> = sites.iter().map(|site| server(*site, ports, &mut plan)).collect();
    if found.is_empty() {
        return Err("no site is configured here".to_owned());
    }
    servers::gather(found, &mut plan, |server, site, plan| {
        site::fill(server.at, site, plan);
        let is_told = server.at.each("tls").any(|tls| !tls.says("internal"));
        if server.is_tls && !site.keys.has("certificate") && !is_told {
            plan.lose(server.at, "certificates are not fetched here: name their files in certificate");
        }
        app::fill(server.at, upstream, site, plan);
    })?;
    Ok(plan.written())
}

/// The ports that a site without one is served on, and whether HTTP leads to HTTPS by itself.
#[derive(Debug, Clone, Copy)]
struct Ports {
    http: u16,
    https: u16,
    is_upgraded: bool,
}

fn server<'a>(at: At<'a>, ports: Ports, plan: &mut Plan) -> Server<'a> {
    let (mut hosts, mut strange) = (Vec::new(), Vec::new());
    let (mut is_tls, mut is_plain) = (false, false);
    for address in std::iter::once(at.name()).chain(at.args()).flat_map(|word| word.split(',')) {
        let address = filled(address.trim());
        if address.is_empty() {
            continue;
        }
        let (scheme, rest) = address.split_once("://").map_or(("", &*address), |(scheme, rest)| (scheme, rest));
        let rest = rest.split('/').next().unwrap_or_default();
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if port.parse::<u16>().is_ok() => (host, port.parse().ok()),
            _ => (rest, None),
        };
        let is_http = scheme == "http" || port == Some(ports.http) || (host.is_empty() && port != Some(ports.https));
        if is_http {
            is_plain = true;
            push(&mut plan.listen_http, format!("0.0.0.0:{}", port.unwrap_or(ports.http)));
        } else {
            is_tls = true;
            push(&mut plan.listen, format!("0.0.0.0:{}", port.unwrap_or(ports.https)));
            if ports.is_upgraded {
                push(&mut plan.listen_http, format!("0.0.0.0:{}", ports.http));
            }
        }
        if host.parse::<HostPattern>().is_ok() {
            push(&mut hosts, host.to_ascii_lowercase());
        } else if !host.is_empty() {
            strange.push(host.to_owned());
        }
    }
    Server { at, hosts, strange, is_tls, is_plain, is_default: false, redirect: redirect(at) }
}

/// `{$NAME:default}` is what it is without the variable.
fn filled(word: &str) -> String {
    match word.strip_prefix("{$").and_then(|rest| rest.split_once('}')) {
        Some((variable, rest)) => format!("{}{rest}", variable.split_once(':').map_or("", |(_, default)| default)),
        None => word.to_owned(),
    }
}

/// Returns where a site sends everybody, if it does nothing else.
fn redirect(site: At<'_>) -> Option<Redirect<'_>> {
    let has_app = site
        .descendants()
        .into_iter()
        .any(|node| matches!(node.name(), "reverse_proxy" | "file_server" | "php_fastcgi"));
    let at = site.each("redir").find(|node| node.arg(0).is_some_and(|to| to.contains("://")))?;
    let to = at.arg(0)?;
    let status = match at.arg(1) {
        Some("permanent") => 301,
        Some("temporary") | None => 302,
        Some(status) => status.parse().ok()?,
    };
    let (scheme, rest) = to.split_once("://")?;
    let end = rest.find('/').into_iter().chain(rest.find("{uri}")).chain(rest.find("{http.request.uri}")).min();
    let (host, path) = rest.split_at(end.unwrap_or(rest.len()));
    let target = match (scheme, host) {
        ("https", "{host}" | "{http.request.host}") => Target::Same,
        ("https", host) => Target::Name(host.split(':').next().unwrap_or_default().to_ascii_lowercase()),
        _ => Target::Plain,
    };
    let keeps_path = matches!(path, "{uri}" | "{http.request.uri}");
    (!has_app).then_some(Redirect { at, status, to: target, keeps_path })
}
