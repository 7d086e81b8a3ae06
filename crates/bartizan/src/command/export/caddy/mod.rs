//! Caddy: a Caddyfile. Everything stands in one `route`, so that it runs in the order in which it is written.

mod headers;
mod refusals;
mod upstream;

use std::time::Duration;

use bartizan_headers::HostPattern;
use bartizan_proxy::config::{Certificate, ProxyProtocol, TlsVersion, UnknownHost};
use http::header::X_CONTENT_TYPE_OPTIONS;

use super::plan::{Plan, name, written};
use super::sent::{App, On, Sent, title};
use super::written::{Plain, Syntax, Written, raw, text};
use crate::config::Choices as _;

/// Double quotes, within which a backslash protects the quotes alone; `{$…}` is filled in before anything is read, and
/// other braces are placeholders unless a backslash stands before them.
pub(super) const SYNTAX: Syntax = Syntax {
    quote: |text| {
        let is_writable = !text.contains("{$") && !text.ends_with('\\') && !text.contains("\\\"");
        (is_writable && !text.chars().any(char::is_control))
            .then(|| format!("\"{}\"", text.replace('"', "\\\"").replace('{', "\\{")))
    },
    plain: Plain::Bare,
    end: "",
    indent: "    ",
};

/// Writes the configuration.
pub(super) fn write(plan: &Plan<'_>, out: &mut Written) {
    plan.note_what_only_the_wall_does(out);
    notes(plan, out);
    global(plan, out);
    unknown_hosts(plan, out);
    redirects(plan, out);
    out.gap();
    out.comment("The site.");
    let names: Vec<_> = plan.site.hosts.iter().map(|host| address(plan, host)).collect();
    out.open(&names.join(", "), &[], " {");
    tls(plan, out);
    out.open("route", &[], " {");
    canonical(plan, out);
    headers::headers(plan, out);
    refusals::refusals(plan, out);
    upstream::proxy(plan, out);
    out.close("}");
    out.close("}");
}

fn notes(plan: &Plan<'_>, out: &mut Written) {
    let limits = &plan.server.limits;
    if limits.connections_per_client.is_some() {
        out.note("the bound on connections of one client");
    }
    if limits.requests_per_client.is_some() || plan.policy.requests_per_client.is_some() {
        out.note("the bound on requests of one client: a module does that");
    }
    out.note(format!(
        "the bounds of {} header lines and of {} bytes of a request line",
        limits.headers, limits.request_line
    ));
    out.note(format!("the least rate of a body ({} bytes a second)", limits.minimum_rate.0));
    if plan.server.proxy_protocol == ProxyProtocol::Required {
        out.note("the PROXY protocol: a listener wrapper does that");
    }
    let stands = |sent: &Sent| matches!(&sent.app, App::YieldsUnless(words) if !words.is_empty());
    for sent in plan.headers.iter().filter(|sent| stands(sent)) {
        out.note(format!("a stricter {} of the app's gives way to the one below", sent.name));
    }
    if plan.headers.iter().any(|sent| sent.when == On::Uninvited) {
        out.note("resources that the app shares with other origins by CORS get the resource policy as well");
    }
    if plan.certificate.ocsp.is_some() {
        out.note("the OCSP response to staple: Caddy asks for its own");
    }
    if !plan.policy.cookies.except.is_empty() {
        out.note("cookies that are never touched (cookies.except)");
    }
    out.note("cookies may carry an attribute twice, the app's last: browsers act on that one");
}

/// The address of a site, with the port only where Caddy would not take it by itself.
fn address(plan: &Plan<'_>, host: &HostPattern) -> String {
    let name = host_name(host);
    let port = listening(plan);
    if port == 443 { format!("https://{name}") } else { format!("https://{name}:{port}") }
}

fn host_name(host: &HostPattern) -> String {
    match host.below() {
        Some(below) => format!("*.{}", below.as_str()),
        None => written(name(host)),
    }
}

fn listening(plan: &Plan<'_>) -> u16 {
    plan.server.listen.first().map_or(443, std::net::SocketAddr::port)
}

fn listening_plain(plan: &Plan<'_>) -> u16 {
    plan.server.listen_http.first().map_or(80, std::net::SocketAddr::port)
}

fn seconds(time: Duration) -> String {
    format!("{}s", time.as_secs().max(1))
}

fn global(plan: &Plan<'_>, out: &mut Written) {
    let limits = &plan.server.limits;
    out.open("", &[], "{");
    if !is_automatic(plan) {
        out.comment("The certificate is one of files.");
        out.say("auto_https", &[raw("off")]);
    } else {
        out.comment("Certificates are Caddy's own business; the redirects stand below.");
        out.say("auto_https", &[raw("disable_redirects")]);
    }
    for (name, port, usual) in [("https_port", listening(plan), 443), ("http_port", listening_plain(plan), 80)] {
        if port != usual {
            out.say(name, &[raw(port.to_string())]);
        }
    }
    let hosts: Vec<_> =
        plan.server.listen.iter().map(std::net::SocketAddr::ip).filter(|ip| !ip.is_unspecified()).collect();
    if let Some(host) = hosts.first() {
        out.say("default_bind", &[raw(host.to_string())]);
    }
    out.open("servers", &[], " {");
    out.say("max_header_size", &[raw(limits.head.to_string())]);
    out.say("protocols", &[raw("h1 h2")]);
    if !plan.server.trusted_proxies.is_empty() {
        if plan.version.is_at_least([2, 7, 0]) {
            let networks: Vec<_> = plan.server.trusted_proxies.iter().map(ToString::to_string).collect();
            out.say("trusted_proxies", &[raw("static"), raw(networks.join(" "))]);
        } else {
            out.note("trusted proxies before this one, which Caddy knows from 2.7 on");
        }
    }
    out.open("timeouts", &[], " {");
    for (name, time) in [("read_header", limits.header_timeout), ("idle", limits.keep_alive)] {
        if let Some(time) = time {
            out.say(name, &[raw(seconds(time))]);
        }
    }
    out.close("}");
    out.close("}");
    out.close("}");
    out.note("bodies and answers that stall: Caddy's limits are for a whole body, and would end long downloads");
}

fn is_automatic(plan: &Plan<'_>) -> bool {
    plan.certificate.is_assumed && plan.site.certificate == Certificate::Local
}

fn unknown_hosts(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("Whoever asks for a name that is not served: an app would put that name into its links and mails.");
    let (plain, port) = (listening_plain(plan), listening(plan));
    // A handshake for a name without a certificate fails before anything is asked.
    let mut addresses = vec![format!("http://:{plain}")];
    if !is_automatic(plan) {
        addresses.push(format!("https://:{port}"));
    }
    for address in addresses {
        out.open(&address, &[], " {");
        if address.starts_with("https") {
            tls(plan, out);
        }
        match plan.site.unknown_host {
            UnknownHost::BadRequest => out.say("respond", &[raw("400")]),
            UnknownHost::Close => out.say("abort", &[]),
            UnknownHost::Misdirected => out.say("respond", &[raw("421")]),
        }
        out.close("}");
    }
}

fn redirects(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("Plain HTTP leads to HTTPS. The address is written out: a Host that a client made up leads nowhere.");
    let canonical = plan.canonical();
    for host in &plan.site.hosts {
        out.open(&format!("http://{}:{}", host_name(host), listening_plain(plan)), &[], " {");
        let exact = host.exact().map(|host| plan.authority(&written(host.as_str())));
        let authority = canonical.clone().or(exact).unwrap_or_else(|| plan.authority("{host}"));
        for sent in plan.headers.iter().filter(|sent| sent.name == title(&X_CONTENT_TYPE_OPTIONS)) {
            out.say("header", &[text(sent.name.clone()), text(sent.value.clone())]);
        }
        redirect(&authority, out);
        out.close("}");
    }
}

/// 308 keeps the method and the body; old clients know only 301, for what has neither.
fn redirect(authority: &str, out: &mut Written) {
    out.say("@reads", &[raw("method GET HEAD")]);
    out.say("redir", &[raw("@reads"), raw(format!("https://{authority}{{uri}}")), raw("301")]);
    out.say("redir", &[raw(format!("https://{authority}{{uri}}")), raw("308")]);
}

fn canonical(plan: &Plan<'_>, out: &mut Written) {
    let (Some(host), Some(authority)) = (&plan.site.https.canonical_host, plan.canonical()) else { return };
    out.comment("Other names lead to the one that visitors should see.");
    out.open("@elsewhere", &[], " {");
    out.say("not host", &[text(written(host.host.as_str()))]);
    out.close("}");
    out.say("redir", &[raw("@elsewhere"), raw(format!("https://{authority}{{uri}}")), raw("308")]);
    out.gap();
}

fn tls(plan: &Plan<'_>, out: &mut Written) {
    let (tls, files) = (plan.tls(), &plan.certificate);
    let mut args = Vec::new();
    if !is_automatic(plan) {
        let key = files.key.as_ref().unwrap_or(&files.chain);
        args = vec![text(files.chain.display().to_string()), text(key.display().to_string())];
    }
    out.open("tls", &args, " {");
    let version = |version: TlsVersion| match version {
        TlsVersion::V1_2 => "tls1.2",
        TlsVersion::V1_3 => "tls1.3",
    };
    let has = |version: TlsVersion| tls.versions.contains(&version);
    let oldest = if has(TlsVersion::V1_2) { TlsVersion::V1_2 } else { TlsVersion::V1_3 };
    let newest = if has(TlsVersion::V1_3) { TlsVersion::V1_3 } else { TlsVersion::V1_2 };
    out.say("protocols", &[raw(version(oldest)), raw(version(newest))]);
    if has(TlsVersion::V1_2) {
        let suites: Vec<_> =
            tls.suites.iter().map(|suite| suite.word()).filter(|name| name.contains("_WITH_")).collect();
        out.say("ciphers", &[raw(suites.join(" "))]);
    }
    use bartizan_proxy::config::KeyExchangeGroup as Group;
    let knows_quantum = plan.version.is_at_least([2, 10, 0]);
    let group = |group: &Group| match group {
        Group::X25519 => Some("x25519"),
        Group::Secp256r1 => Some("secp256r1"),
        Group::Secp384r1 => Some("secp384r1"),
        Group::X25519MlKem768 if knows_quantum => Some("x25519mlkem768"),
        Group::X25519MlKem768 | Group::Secp256r1MlKem768 | Group::MlKem768 => None,
    };
    let groups: Vec<_> = tls.groups.iter().filter_map(group).collect();
    if groups.len() < tls.groups.len() {
        out.note("post-quantum key exchange: Caddy has X25519MLKEM768 from 2.10 on, and no other");
    }
    out.say("curves", &[raw(groups.join(" "))]);
    if let Some(client) = &tls.client_certificates {
        out.open("client_auth", &[], " {");
        out.say("mode", &[raw(if client.required { "require_and_verify" } else { "verify_if_given" })]);
        out.say("trusted_ca_cert_file", &[text(client.authorities.display().to_string())]);
        out.close("}");
    }
    out.close("}");
}
