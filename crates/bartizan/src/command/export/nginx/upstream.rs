//! The app: where it is, and how it is spoken to.

use bartizan_proxy::config::{Balance, UpstreamAddress, UpstreamProtocol};

use super::super::plan::Plan;
use super::super::written::{Written, raw, text};

/// Writes the group of addresses.
pub(super) fn write(plan: &Plan<'_>, out: &mut Written) {
    let upstream = &plan.site.upstream;
    out.gap();
    out.comment("The app.");
    out.open("upstream", &[raw(plan.identifier())], " {");
    if upstream.balance == Balance::LeastRequests && upstream.addresses.len() > 1 {
        out.say("least_conn", &[]);
    }
    for address in &upstream.addresses {
        let place = match address {
            UpstreamAddress::Tcp { host, port, .. } => format!("{}:{port}", super::written(host)),
            UpstreamAddress::Unix(path) => format!("unix:{}", path.display()),
        };
        let fails =
            format!("max_fails={} fail_timeout={}s", upstream.max_fails, upstream.fail_timeout.as_secs().max(1));
        out.say("server", &[text(place), raw(fails)]);
    }
    if upstream.idle_connections > 0 {
        out.say("keepalive", &[raw(upstream.idle_connections.to_string())]);
        out.say("keepalive_timeout", &[raw(format!("{}s", upstream.idle_timeout.as_secs().max(1)))]);
    }
    out.close("}");
    if upstream.health.is_some() {
        out.note("active health checks of the app: an address rests after failures alone");
    }
    if upstream.protocol == UpstreamProtocol::Http2 {
        out.note("HTTP/2 towards the app: it is spoken to in HTTP/1.1");
    }
}

/// Returns the address of the group.
pub(super) fn address(plan: &Plan<'_>) -> String {
    format!("{}://{}", if is_encrypted(plan) { "https" } else { "http" }, plan.identifier())
}

fn is_encrypted(plan: &Plan<'_>) -> bool {
    plan.site.upstream.addresses.iter().any(|address| matches!(address, UpstreamAddress::Tcp { tls: true, .. }))
}

/// Writes how it is spoken to.
pub(super) fn settings(plan: &Plan<'_>, out: &mut Written) {
    let upstream = &plan.site.upstream;
    out.say("proxy_http_version", &[raw("1.1")]);
    out.say("proxy_connect_timeout", &[raw(format!("{}s", upstream.connect_timeout.as_secs().max(1)))]);
    match upstream.response_timeout {
        Some(time) => out.say("proxy_read_timeout", &[raw(format!("{}s", time.as_secs().max(1)))]),
        None => out.say("proxy_read_timeout", &[raw("1d")]),
    }
    out.comment("Answers with many cookies and a long policy fit.");
    out.say("proxy_buffer_size", &[raw("16k")]);
    out.say("proxy_buffers", &[raw("8 16k")]);
    out.comment("A redirect of the app's is passed on as it is.");
    out.say("proxy_redirect", &[raw("off")]);
    out.say("proxy_next_upstream_tries", &[raw((upstream.retries + 1).to_string())]);
    if !is_encrypted(plan) {
        return;
    }
    let tls = &upstream.tls;
    if tls.dangerous_skip_verification {
        out.say("proxy_ssl_verify", &[raw("off")]);
    } else {
        out.say("proxy_ssl_verify", &[raw("on")]);
        let authorities = tls.authorities.as_ref().map(|path| path.display().to_string());
        // Where Debian keeps the public ones.
        let authorities = authorities.unwrap_or_else(|| "/etc/ssl/certs/ca-certificates.crt".to_owned());
        out.say("proxy_ssl_trusted_certificate", &[text(authorities)]);
    }
    out.say("proxy_ssl_protocols", &[raw("TLSv1.2 TLSv1.3")]);
    out.say("proxy_ssl_server_name", &[raw("on")]);
    let own = upstream.addresses.iter().find_map(|address| match address {
        UpstreamAddress::Tcp { host, tls: true, .. } => Some(host.clone()),
        UpstreamAddress::Tcp { .. } | UpstreamAddress::Unix(_) => None,
    });
    if let Some(name) = tls.server_name.clone().or(own) {
        out.say("proxy_ssl_name", &[text(name)]);
    }
}
