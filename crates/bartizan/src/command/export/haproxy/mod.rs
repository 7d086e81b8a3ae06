//! HAProxy: a frontend for each of HTTP and HTTPS, and a backend.

mod refusals;
mod responses;
mod upstream;

use std::time::Duration;

use bartizan_proxy::config::{ProxyProtocol, RequestRate, TlsVersion, UnknownHost};
use http::StatusCode;
use http::header::X_CONTENT_TYPE_OPTIONS;

use super::patterns::{self, POST_QUANTUM};
use super::plan::{Plan, socket, written};
use super::sent::title;
use super::written::{Plain, Syntax, Written, raw, text};

/// Double quotes; within them a backslash protects itself, the quotes, and the dollar of the environment.
pub(super) const SYNTAX: Syntax = Syntax {
    quote: |text| {
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$");
        (!text.chars().any(char::is_control)).then(|| format!("\"{escaped}\""))
    },
    plain: Plain::Bare,
    end: "",
    indent: "    ",
};

/// Writes the configuration.
pub(super) fn write(plan: &Plan<'_>, out: &mut Written) {
    plan.note_what_only_the_wall_does(out);
    notes(plan, out);
    out.comment("Plain HTTP leads to HTTPS. The address is written out: a Host that a client made up leads nowhere.");
    out.open("frontend", &[raw(format!("{}_plain", plan.identifier()))], "");
    out.say("mode", &[raw("http")]);
    for address in &plan.server.listen_http {
        out.say("bind", &[raw(format!("{}{}", socket(*address, ":"), proxied(plan)))]);
    }
    times(plan, out);
    unknown_hosts(plan, out);
    for sent in plan.headers.iter().filter(|sent| sent.name == title(&X_CONTENT_TYPE_OPTIONS)) {
        out.say("http-after-response", &[raw(format!("set-header {}", sent.name)), text(responses::value(sent))]);
    }
    redirect(plan, out);
    out.close("");
    out.gap();
    out.comment("The site.");
    out.open("frontend", &[raw(plan.identifier())], "");
    out.say("mode", &[raw("http")]);
    bind(plan, out);
    times(plan, out);
    out.gap();
    clients(plan, out);
    unknown_hosts(plan, out);
    canonical(plan, out);
    limits(plan, out);
    refusals::refusals(plan, out);
    upstream::identity(plan, out);
    responses::responses(plan, out);
    out.say("default_backend", &[raw(plan.identifier())]);
    out.close("");
    upstream::backend(plan, out);
}

fn notes(plan: &Plan<'_>, out: &mut Written) {
    let limits = &plan.server.limits;
    out.note(format!("the bound of {} header lines in a request (global: tune.http.maxhdr)", limits.headers));
    out.note(format!(
        "the bounds of {} bytes of a request line and {} of a head (global: tune.bufsize)",
        limits.request_line, limits.head
    ));
    out.note(format!("the least rate of a body ({} bytes a second)", limits.minimum_rate.0));
    if plan.policy.body.is_some() {
        out.note("the bound on bodies that do not tell their length (chunked)");
    }
    if let Some(key) = plan.certificate.key.as_ref() {
        let chain = plan.certificate.chain.display();
        out.note(format!(
            "HAProxy looks for the key in the file of the chain or in {chain}.key: put {} there",
            key.display()
        ));
    }
    if plan.certificate.is_assumed {
        out.note(format!("no certificate was named: {} is assumed (--certificate)", plan.certificate.chain.display()));
    }
    if plan.certificate.ocsp.is_some() {
        out.note("the OCSP response to staple: HAProxy looks for it beside the chain, with `.ocsp` behind its name");
    }
}

fn proxied(plan: &Plan<'_>) -> &'static str {
    if plan.server.proxy_protocol == ProxyProtocol::Required { " accept-proxy" } else { "" }
}

fn seconds(time: Duration) -> String {
    format!("{}s", time.as_secs().max(1))
}

fn bind(plan: &Plan<'_>, out: &mut Written) {
    let tls = plan.tls();
    out.comment(
        "No certificate is shown for a name that has none (strict-sni). Tickets: their keys would stay for as long",
    );
    out.comment("as HAProxy runs, and open all that was recorded.");
    let oldest = if tls.versions.contains(&TlsVersion::V1_2) { "TLSv1.2" } else { "TLSv1.3" };
    let newest = if tls.versions.contains(&TlsVersion::V1_3) { "TLSv1.3" } else { "TLSv1.2" };
    let (groups, is_short) = patterns::openssl_groups(tls);
    if is_short {
        out.note(POST_QUANTUM);
    }
    for address in &plan.server.listen {
        let mut args = vec![
            raw(format!("{}{} ssl crt", socket(*address, ":"), proxied(plan))),
            text(plan.certificate.chain.display().to_string()),
            raw(format!("alpn h2,http/1.1 ssl-min-ver {oldest} ssl-max-ver {newest} strict-sni no-tls-tickets")),
            raw(format!("ciphers {}", patterns::openssl_ciphers(tls))),
            raw(format!("ciphersuites {} curves {groups}", patterns::tls13_suites(tls).join(":"))),
        ];
        if let Some(client) = &tls.client_certificates {
            args.push(raw("ca-file"));
            args.push(text(client.authorities.display().to_string()));
            args.push(raw(if client.required { "verify required" } else { "verify optional" }));
        }
        out.say("bind", &args);
    }
}

fn times(plan: &Plan<'_>, out: &mut Written) {
    let limits = &plan.server.limits;
    for (name, time) in [
        ("timeout http-request", limits.header_timeout),
        ("timeout http-keep-alive", limits.keep_alive),
        ("timeout client", limits.write_timeout),
    ] {
        if let Some(time) = time {
            out.say(name, &[raw(seconds(time))]);
        }
    }
}

fn answer(status: &str, condition: &str) -> String {
    let reason = status
        .parse::<u16>()
        .ok()
        .and_then(|code| StatusCode::from_u16(code).ok())
        .and_then(|status| status.canonical_reason())
        .unwrap_or_default();
    format!("return status {status} content-type text/plain string \"{status} {reason}\" {condition}")
}

fn unknown_hosts(plan: &Plan<'_>, out: &mut Written) {
    out.comment("Whoever asks for a name that is not served: an app would put that name into its links and mails.");
    let names = patterns::hosts(&plan.site.hosts).replace(")$", ")(?::[0-9]+)?$");
    out.say("acl", &[raw("known_host req.hdr(host) -m reg -i"), text(names)]);
    let refusal = match plan.site.unknown_host {
        UnknownHost::BadRequest => answer("400", "unless known_host"),
        UnknownHost::Close => "silent-drop unless known_host".to_owned(),
        UnknownHost::Misdirected => answer("421", "unless known_host"),
    };
    out.say("http-request", &[raw(refusal)]);
}

/// 308 keeps the method and the body; old clients know only 301, for what has neither.
fn redirect(plan: &Plan<'_>, out: &mut Written) {
    let authority = plan.canonical();
    let authority = match &plan.site.hosts.as_slice() {
        [_] | [] => authority,
        _ if plan.site.https.canonical_host.is_some() => authority,
        _ => None,
    };
    // It was compared with the list of known hosts.
    let authority = authority.unwrap_or_else(|| plan.authority("%[req.hdr(host),field(1,:)]"));
    for (code, condition) in [("301", "if { method GET HEAD }"), ("308", "")] {
        let place = format!("redirect code {code} location \"https://{authority}%[pathq]\" {condition}");
        out.say("http-request", &[raw(place.trim_end())]);
    }
}

fn canonical(plan: &Plan<'_>, out: &mut Written) {
    let (Some(host), Some(authority)) = (&plan.site.https.canonical_host, plan.canonical()) else { return };
    out.comment("Other names lead to the one that visitors should see.");
    let name = format!("^{}(?::[0-9]+)?$", patterns::literal(&written(host.host.as_str())));
    out.say("acl", &[raw("canonical_host req.hdr(host) -m reg -i"), text(name)]);
    for (code, condition) in [("301", "if !canonical_host { method GET HEAD }"), ("308", "if !canonical_host")] {
        let place = format!("redirect code {code} location \"https://{authority}%[pathq]\" {condition}");
        out.say("http-request", &[raw(place)]);
    }
}

fn clients(plan: &Plan<'_>, out: &mut Written) {
    let networks: Vec<_> = plan.server.trusted_proxies.iter().map(ToString::to_string).collect();
    if networks.is_empty() {
        return;
    }
    let networks = networks.join(" ");
    if plan.server.proxy_protocol == ProxyProtocol::Required {
        out.say("tcp-request", &[raw(format!("connection reject unless {{ src {networks} }}"))]);
        return;
    }
    out.comment("Proxies before this one, whose word on the client counts; the last address is theirs.");
    out.say("http-request", &[raw(format!("set-src req.hdr_ip(x-forwarded-for,-1) if {{ src {networks} }}"))]);
    if plan.server.trusted_proxies.len() > 1 {
        out.note("a chain of trusted proxies: the address that the last of them names is the client's");
    }
}

fn limits(plan: &Plan<'_>, out: &mut Written) {
    let limits = &plan.server.limits;
    out.gap();
    out.comment("What one client can take from the others; one of IPv6 is its /64, for a household has so many.");
    let rates: Vec<RequestRate> =
        [limits.requests_per_client, plan.policy.requests_per_client].into_iter().flatten().collect();
    // A table has one rate; of two the narrower is carried over.
    let narrowest = rates.iter().min_by_key(|rate| u64::from(rate.count.get()) * 1000 / rate.per.as_secs().max(1));
    if rates.len() > 1 {
        out.note("of two bounds on a client's requests the narrower one holds");
    }
    if limits.connections_per_client.is_some() || narrowest.is_some() {
        let store = narrowest.map_or_else(String::new, |rate| format!(",http_req_rate({})", seconds(rate.per)));
        out.say("stick-table", &[raw(format!("type ipv6 size 100k expire 2m store conn_cur{store}"))]);
        out.say("http-request", &[raw("track-sc0 src,ipmask(32,64)")]);
    }
    if let Some(count) = limits.connections_per_client {
        let refusal = answer("429", &format!("if {{ sc_conn_cur(0) gt {count} }}"));
        out.say("http-request", &[raw(refusal)]);
    }
    if let Some(rate) = narrowest {
        let most = rate.count.get().max(rate.burst.get());
        let refusal = answer("429", &format!("if {{ sc_http_req_rate(0) gt {most} }}"));
        out.say("http-request", &[raw(refusal)]);
    }
    if let Some(body) = plan.policy.body {
        out.say("http-request", &[raw(answer("413", &format!("if {{ req.body_size gt {body} }}")))]);
    }
}
