//! The options that hold for all of Caddy.

use bartizan_rules::facts::blocks::At;

use super::super::plan::Plan;
use super::super::values::{count_of_bytes, time};
use super::Ports;
use super::push;

/// Fills in the server, and returns which ports sites have by themselves.
pub(super) fn read(options: &[At<'_>], plan: &mut Plan) -> Ports {
    let mut ports = Ports { http: 80, https: 443, is_upgraded: true };
    for node in options.iter().flat_map(|block| block.children()) {
        let number = node.arg(0).and_then(|word| word.parse::<u16>().ok());
        match (node.name(), number) {
            ("http_port", Some(port)) => ports.http = port,
            ("https_port", Some(port)) => ports.https = port,
            ("auto_https", _) => ports.is_upgraded &= !matches!(node.arg(0), Some("off" | "disable_redirects")),
            ("grace_period", _) => match node.arg(0).and_then(time) {
                Some(time) => plan.server.text("drain", &time),
                None => plan.lose(node, "is not a time"),
            },
            ("servers", _) => servers(node, plan),
            (
                "admin" | "email" | "log" | "order" | "debug" | "local_certs" | "skip_install_trust" | "persist_config"
                | "storage",
                _,
            ) => {}
            _ => plan.lose(node, "has no key here"),
        }
    }
    ports
}

fn servers(block: At<'_>, plan: &mut Plan) {
    for node in block.children() {
        match node.name() {
            "trusted_proxies" if node.says("static") => trusted(node, 1, plan),
            "timeouts" => {
                for timeout in node.children() {
                    let key = match timeout.name() {
                        "read_header" => "header_timeout",
                        "read_body" => "body_timeout",
                        "write" => "write_timeout",
                        "idle" => "keep_alive",
                        _ => {
                            plan.lose(timeout, "has no key here");
                            continue;
                        }
                    };
                    match timeout.arg(0).and_then(time) {
                        Some(time) => plan.limits.text(key, &time),
                        None => plan.lose(timeout, "is not a time"),
                    }
                }
            }
            "max_header_size" => match node.arg(0).and_then(count_of_bytes) {
                Some(bytes) => plan.limits.text("head", &format!("{bytes}B")),
                None => plan.lose(node, "is not a size"),
            },
            "listener_wrappers" if node.each("proxy_protocol").next().is_some() => {
                plan.server.text("proxy_protocol", "required");
            }
            "listener_wrappers" | "protocols" | "metrics" | "client_ip_headers" | "trusted_proxies_strict" => {}
            _ => plan.lose(node, "has no key here"),
        }
    }
}

/// Networks whose word about visitors counts.
pub(super) fn trusted(node: At<'_>, skip: usize, plan: &mut Plan) {
    let mut networks: Vec<String> = Vec::new();
    for word in node.args().skip(skip) {
        match word {
            "private_ranges" => PRIVATE.iter().for_each(|network| push(&mut networks, (*network).to_owned())),
            network if crate::cli::word::<ipnet::IpNet>(network).is_ok() => push(&mut networks, network.to_owned()),
            _ => plan.lose(node, "is not a network"),
        }
    }
    plan.server.list("trusted_proxies", &networks);
}

/// What Caddy calls private.
const PRIVATE: [&str; 6] = ["192.168.0.0/16", "172.16.0.0/12", "10.0.0.0/8", "127.0.0.0/8", "fd00::/8", "::1"];
