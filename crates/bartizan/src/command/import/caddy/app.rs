//! `reverse_proxy`: where Caddy sends requests, and what it waits for.

use bartizan_proxy::config::UpstreamAddress;
use bartizan_rules::facts::blocks::At;

use super::super::plan::{Plan, Site};
use super::super::values::time;
use super::field::Fields;
use super::global::trusted;
use super::matcher::{self, Which};
use super::push;

/// Fills in the app: that of all paths, or the first there is.
pub(super) fn fill(block: At<'_>, given: Option<&str>, site: &mut Site, plan: &mut Plan) {
    let all: Vec<_> = block.descendants().into_iter().filter(|node| node.is("reverse_proxy")).collect();
    let is_whole = |node: &&At<'_>| {
        let outer = node.parents().find(|parent| matches!(parent.name(), "handle" | "route" | "handle_path"));
        matcher::of(**node).0 == Which::All && outer.is_none_or(|outer| matcher::of(outer).0 == Which::All)
    };
    let main = all.iter().find(is_whole).or_else(|| all.first()).copied();
    let mut found = Vec::new();
    if let Some(main) = main {
        found = addresses(main);
        let (good, bad): (Vec<_>, Vec<_>) =
            found.drain(..).partition(|address| crate::cli::word::<UpstreamAddress>(address).is_ok());
        found = good;
        if !bad.is_empty() {
            plan.lose(main, &format!("not an address of an app: {}", bad.join(", ")));
        }
        options(main, site, plan);
        for other in all.iter().filter(|other| **other != main && addresses(**other) != addresses(main)) {
            plan.lose(*other, "all of a site goes to one app");
        }
    }
    site.upstreams = match given {
        Some(given) => vec![given.to_owned()],
        None if found.is_empty() => {
            plan.lose(block, "no app is named; name it in upstream, or with --upstream");
            vec!["http://127.0.0.1:8000".to_owned()]
        }
        None => found,
    };
}

fn addresses(node: At<'_>) -> Vec<String> {
    let (_, skip) = matcher::of(node);
    let more = node.each("to").flat_map(At::args);
    let is_tls =
        node.each("transport").any(|transport| transport.children().any(|child| child.name().starts_with("tls")));
    let mut found = Vec::new();
    for word in node.args().skip(skip).chain(more) {
        push(&mut found, address(word, is_tls));
    }
    found
}

fn address(word: &str, is_tls: bool) -> String {
    if let Some(socket) = word.strip_prefix("unix/") {
        return format!("unix:{socket}");
    }
    let (scheme, rest) = word.split_once("://").unwrap_or((if is_tls { "https" } else { "http" }, word));
    let scheme = if scheme == "h2c" { "http" } else { scheme };
    let host = rest.split('/').next().unwrap_or_default();
    let host = if host.starts_with(':') { format!("localhost{host}") } else { host.to_owned() };
    let has_port = host.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let port = if scheme == "https" { 443 } else { 80 };
    if has_port { format!("{scheme}://{host}") } else { format!("{scheme}://{host}:{port}") }
}

fn options(node: At<'_>, site: &mut Site, plan: &mut Plan) {
    if node.args().any(|word| word.starts_with("h2c://")) {
        site.upstream.text("protocol", "http2");
    }
    // Without a word Caddy waits for ever.
    site.upstream.text("response_timeout", "none");
    let word = |name| node.each(name).next().and_then(|node| node.arg(0));
    if let Some(path) = word("health_uri") {
        let more = [("health_interval", "interval"), ("health_timeout", "timeout")];
        let more = more.iter().filter_map(|(name, key)| Some(format!(", {key} = \"{}\"", word(name).and_then(time)?)));
        let path = super::super::written::quoted(path);
        site.upstream.raw("health", format!("{{ path = {path}{} }}", more.collect::<String>()));
    }
    for child in node.children() {
        let value = child.arg(0);
        match child.name() {
            "to" | "health_uri" | "health_interval" | "health_timeout" | "flush_interval" | "stream_timeout"
            | "stream_close_delay" | "request_buffers" | "response_buffers" | "lb_try_duration" | "lb_try_interval" => {
            }
            "lb_policy" => match value {
                Some("least_conn") => site.upstream.text("balance", "least-requests"),
                Some("round_robin" | "random") => site.upstream.text("balance", "round-robin"),
                _ => plan.lose(child, "apps are chosen in turn, or by how busy they are"),
            },
            "lb_retries" | "max_fails" if value.is_some_and(|value| value.parse::<u32>().is_ok()) => {
                let key = if child.is("max_fails") { "max_fails" } else { "retries" };
                site.upstream.raw(key, value.unwrap_or_default());
            }
            "fail_duration" => match value.and_then(time) {
                Some(time) => site.upstream.text("fail_timeout", &time),
                None => plan.lose(child, "is not a time"),
            },
            "header_up" => up(child, plan),
            "header_down" => down(child, site, plan),
            "trusted_proxies" => trusted(child, 0, plan),
            "transport" if value == Some("http") => transport(child, site, plan),
            "transport" => plan.lose(child, "only HTTP is spoken with the app"),
            _ => plan.lose(child, "has no key here"),
        }
    }
}

fn up(node: At<'_>, plan: &mut Plan) {
    let name = node.arg(0).unwrap_or_default().to_ascii_lowercase();
    let value = node.arg(1).unwrap_or_default();
    let is_own = matches!(
        &*name,
        "x-real-ip" | "x-forwarded-for" | "x-forwarded-proto" | "x-forwarded-host" | "x-forwarded-port"
    );
    let is_same_host =
        name == "host" && matches!(value, "{host}" | "{hostport}" | "{http.request.host}" | "{http.request.hostport}");
    if !is_own && !is_same_host {
        plan.lose(node, "the app gets the Host that was asked for, and fields of requests are not made up here");
    }
}

fn down(node: At<'_>, site: &mut Site, plan: &mut Plan) {
    let mut fields = Fields { sent: site.headers.clone(), ..Fields::default() };
    fields.follow(node, 0, plan);
    site.headers = fields.sent;
    if !fields.stripped.is_empty() {
        let mut names: Vec<String> = site.keys.texts("strip");
        fields.stripped.into_iter().for_each(|name| push(&mut names, name));
        site.keys.list("strip", &names);
    }
}

fn transport(block: At<'_>, site: &mut Site, plan: &mut Plan) {
    for node in block.children() {
        let value = node.arg(0);
        match node.name() {
            "tls" | "keepalive" | "keepalive_idle_conns" | "read_buffer" | "write_buffer" | "compression" => {}
            "tls_insecure_skip_verify" => {
                plan.lose(node, "any certificate of the app was believed; here it is checked: see authorities");
            }
            "tls_server_name" => value.into_iter().for_each(|name| site.upstream_tls.text("server_name", name)),
            "tls_trusted_ca_certs" => value.into_iter().for_each(|file| site.upstream_tls.text("authorities", file)),
            "tls_trust_pool" if value == Some("file") => {
                node.arg(1).into_iter().for_each(|file| site.upstream_tls.text("authorities", file));
            }
            "tls_client_auth" => {
                if let (Some(chain), Some(key)) = (value, node.arg(1)) {
                    site.upstream_tls.text("certificate", chain);
                    site.upstream_tls.text("key", key);
                }
            }
            "versions"
                if node.args().any(|word| matches!(word, "h2c" | "2")) && !node.args().any(|word| word == "1.1") =>
            {
                site.upstream.text("protocol", "http2");
            }
            "versions" => {}
            "dial_timeout" | "response_header_timeout" => {
                let key = if node.is("dial_timeout") { "connect_timeout" } else { "response_timeout" };
                match value.and_then(time) {
                    Some(time) => site.upstream.text(key, &time),
                    None => plan.lose(node, "is not a time"),
                }
            }
            _ => plan.lose(node, "has no key here"),
        }
    }
}
