//! What the rules on stapling ask for: servers that speak TLS, and what is in force there.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::facts::Nginx;
use crate::facts::blocks::At;
use crate::facts::nginx::{Peer, Reader};

/// Returns the blocks `server` that listen for TLS.
pub(super) fn servers(nginx: &Nginx) -> impl Iterator<Item = At<'_>> {
    let is_tls = |server: &At<'_>| {
        let mut words = server.each("listen").flat_map(At::args);
        words.any(|arg| ["ssl", "quic", "http3"].iter().any(|word| arg.eq_ignore_ascii_case(word)))
    };
    nginx.each("server").filter(|server| server.is_block()).filter(is_tls)
}

/// Returns the `ssl_stapling` in force.
pub(super) fn effective<'a>(reader: &'a Reader, server: At<'a>) -> Option<At<'a>> {
    server.scopes().enumerate().find_map(|(level, scope)| find(reader, scope, level, "ssl_stapling"))
}

/// Whether a directive is set for the server.
pub(super) fn is_set<'a>(reader: &'a Reader, server: At<'a>, name: &'a str) -> bool {
    server.scopes().enumerate().any(|(level, scope)| find(reader, scope, level, name).is_some())
}

/// gixy-next looks into conditions and maps of the server alone.
fn find<'a>(reader: &'a Reader, scope: At<'a>, level: usize, name: &'a str) -> Option<At<'a>> {
    if reader.peer() == Peer::Next && level > 0 {
        return reader.find(scope, name).next();
    }
    reader.some(scope, name)
}

/// Whether the responder is named by its address, so that there is nothing to resolve.
pub(super) fn has_address(server: At<'_>) -> bool {
    let Some(url) = server.effective("ssl_stapling_responder").and_then(|node| node.arg(0)) else { return false };
    let start = ["http://", "https://"]
        .iter()
        .find(|start| url.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start)));
    let rest = url.get(start.map_or(0, |start| start.len())..).unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    match host.strip_prefix('[') {
        Some(rest) => rest.split_once(']').is_some_and(|(address, _)| address.parse::<Ipv6Addr>().is_ok()),
        None => host.rsplit_once(':').map_or(host, |(host, _)| host).parse::<Ipv4Addr>().is_ok(),
    }
}
