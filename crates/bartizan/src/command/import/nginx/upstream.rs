//! Where nginx sends requests, and what it waits for.

use bartizan_proxy::config::UpstreamAddress;
use bartizan_rules::facts::blocks::At;

use super::super::plan::{Plan, Site};
use super::super::values::time;

/// Returns the addresses that `proxy_pass` leads to; what cannot be said is told.
pub(super) fn addresses(pass: At<'_>, plan: &mut Plan) -> Vec<String> {
    let to = pass.arg(0).unwrap_or_default();
    if to.contains('$') {
        plan.lose(pass, "the app's address is made of variables");
        return Vec::new();
    }
    let Some((scheme, rest)) = to.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https")) else {
        plan.lose(pass, "not an address of http or https");
        return Vec::new();
    };
    if let Some(socket) = rest.strip_prefix("unix:") {
        let (socket, path) = socket.split_once(':').unwrap_or((socket, ""));
        if !path.is_empty() && path != "/" {
            plan.lose(pass, "the app gets the path as it was asked for, not another one");
        }
        return vec![format!("unix:{socket}")];
    }
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let location = pass.within("location").and_then(|location| location.args().next_back());
    if !path.is_empty() && location != Some(path) {
        plan.lose(pass, "the app gets the path as it was asked for, not another one");
    }
    let named = pass.parents().flat_map(|scope| scope.each("upstream")).find(|group| group.arg(0) == Some(host));
    let Some(group) = named else {
        return vec![with_port(scheme, host)];
    };
    let mut found = Vec::new();
    for child in group.children() {
        match child.name() {
            "server" if child.args().any(|arg| matches!(arg, "down" | "backup")) => {
                plan.lose(child, "an app's address is in use, or is not written");
            }
            "server" => {
                if child.args().any(|arg| arg.starts_with("weight=")) {
                    plan.lose(child, "apps are chosen in turn, or by how busy they are");
                }
                let address = child.arg(0).unwrap_or_default();
                found.push(if address.starts_with("unix:") { address.to_owned() } else { with_port(scheme, address) });
            }
            "keepalive" | "least_conn" | "zone" | "keepalive_timeout" | "keepalive_requests" => {}
            _ => plan.lose(child, "apps are chosen in turn, or by how busy they are"),
        }
    }
    found
}

fn with_port(scheme: &str, host: &str) -> String {
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let port = if scheme == "https" { 443 } else { 80 };
    if has_port { format!("{scheme}://{host}") } else { format!("{scheme}://{host}:{port}") }
}

/// Whether an address is one of ours.
pub(super) fn is_address(text: &str) -> bool {
    crate::cli::word::<UpstreamAddress>(text).is_ok()
}

/// Fills in how the site speaks with its app, as it holds where `proxy_pass` stands.
pub(super) fn options(pass: At<'_>, site: &mut Site, plan: &mut Plan) {
    for (name, key) in [("proxy_read_timeout", "response_timeout"), ("proxy_connect_timeout", "connect_timeout")] {
        let Some(node) = pass.effective(name) else { continue };
        match node.arg(0).and_then(time) {
            Some(time) => site.upstream.text(key, &time),
            None => plan.lose(node, "is not a time"),
        }
    }
    let group = pass.arg(0).and_then(|to| to.split("://").nth(1)).and_then(|rest| rest.split('/').next());
    let groups = pass.parents().flat_map(|scope| scope.each("upstream"));
    let group = groups.filter(|one| one.arg(0).is_some() && one.arg(0) == group).last();
    if group.is_some_and(|group| group.each("least_conn").next().is_some()) {
        site.upstream.text("balance", "least-requests");
    }
    host(pass, plan);
    if !pass.arg(0).is_some_and(|to| to.starts_with("https://")) {
        return;
    }
    for (name, key) in [
        ("proxy_ssl_trusted_certificate", "authorities"),
        ("proxy_ssl_certificate", "certificate"),
        ("proxy_ssl_certificate_key", "key"),
        ("proxy_ssl_name", "server_name"),
    ] {
        if let Some(value) = pass.effective(name).and_then(|node| node.arg(0)).filter(|value| !value.contains('$')) {
            site.upstream_tls.text(key, value);
        }
    }
    if !pass.effective("proxy_ssl_verify").is_some_and(|verify| verify.says("on")) {
        plan.lose(
            pass,
            "nginx believes any certificate of the app; here it is checked, and authorities in \
             [site.upstream_options.tls] names whose word counts",
        );
    }
}

/// The wall passes the visitor's Host on, and says who asked and how; other fields are lost.
fn host(pass: At<'_>, plan: &mut Plan) {
    let scope = pass.scopes().find(|scope| scope.each("proxy_set_header").next().is_some());
    let mut has_host = false;
    for node in scope.into_iter().flat_map(|scope| scope.each("proxy_set_header")) {
        let (name, value) = (node.arg(0).unwrap_or_default().to_ascii_lowercase(), node.arg(1).unwrap_or_default());
        match &*name {
            "host" => {
                has_host = true;
                if !matches!(value, "$host" | "$http_host" | "$host:$server_port" | "$server_name") {
                    plan.lose(node, "the app gets the Host that the visitor asked for");
                }
            }
            "connection" | "upgrade" | "x-real-ip" | "x-forwarded-for" | "x-forwarded-proto" | "x-forwarded-host"
            | "x-forwarded-port" | "x-forwarded-scheme" | "accept-encoding" => {}
            _ => plan.lose(node, "fields of requests are not made up here"),
        }
    }
    if !has_host {
        plan.lose(pass, "nginx gives the app its own address as Host; here it gets the visitor's");
    }
}
