//! nginx: maps for what is decided, and server blocks. Headers stand at one level, so that none is lost by inheritance.

mod decisions;
mod headers;
mod tls;
mod upstream;

use bartizan_headers::HostPattern;
use bartizan_proxy::config::{EncodedSlashes, ProxyProtocol, UnknownHost};
use bartizan_proxy::stages::request::{IDENTITY_NAMES, IDENTITY_STARTS, security_txt};
use http::{HeaderName, StatusCode};

use super::plan::{Plan, name, socket, written};
use super::sent::title;
use super::written::{Arg, Plain, Syntax, Written, raw, text};

/// Double quotes; within them a backslash protects itself and the quotes, and nothing protects a dollar.
pub(super) const SYNTAX: Syntax = Syntax {
    quote: |text| {
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
        (!text.contains('$') && !text.chars().any(char::is_control)).then(|| format!("\"{escaped}\""))
    },
    plain: Plain::Bare,
    end: ";",
    indent: "    ",
};

/// Writes the configuration.
pub(super) fn write(plan: &Plan<'_>, out: &mut Written) {
    plan.note_what_only_the_wall_does(out);
    notes(plan, out);
    let decided = decisions::write(plan, out);
    let headers = headers::maps(plan, out);
    upstream::write(plan, out);
    unknown_hosts(plan, out);
    redirects(plan, out);
    out.gap();
    out.comment("The site.");
    out.open("server", &[], " {");
    listen(plan, out, "");
    out.say("server_name", &names(plan));
    out.gap();
    tls::write(plan, out);
    limits(plan, out);
    refusals(plan, &decided, out);
    headers::write(plan, &headers, out);
    headers::cookies(plan, out);
    errors(plan, out);
    proxy(plan, out);
    out.close("}");
}

fn notes(plan: &Plan<'_>, out: &mut Written) {
    out.note("`Server: nginx` stays: only a module removes the name, and the version is hidden");
    let starts: Vec<_> = IDENTITY_STARTS.iter().map(|start| format!("{start}*")).collect();
    out.note(format!("of what clients say of themselves, names that begin so are not removed: {}", starts.join(" ")));
    let limits = &plan.server.limits;
    if !plan.version.is_at_least([1, 29, 8]) {
        out.note(format!("the bound of {} header lines in a request", limits.headers));
    }
    out.note(format!("the least rate of a body ({} bytes a second)", limits.minimum_rate.0));
    if plan.policy.cookies.same_site.is_some() {
        out.note("the SameSite of a session cookie that the app has set itself is replaced");
    }
    if plan.server.proxy_protocol == ProxyProtocol::Required {
        out.note("peers that speak the PROXY protocol are not bound to trusted_proxies: close the port to others");
    }
}

/// A name and a variable that no other exported site has.
fn variable(plan: &Plan<'_>, what: &str) -> String {
    format!("${}__{what}", plan.identifier())
}

fn names(plan: &Plan<'_>) -> Vec<Arg> {
    plan.site.hosts.iter().map(server_name).collect()
}

fn server_name(host: &HostPattern) -> Arg {
    match host.below() {
        // Labels at any depth, as the wall has it.
        Some(below) => text(format!("*.{}", below.as_str())),
        None => text(written(name(host))),
    }
}

fn listen(plan: &Plan<'_>, out: &mut Written, more: &str) {
    let proxied = proxied(plan);
    let is_directive = plan.version.is_at_least([1, 25, 1]);
    for address in &plan.server.listen {
        let http2 = if is_directive { "" } else { " http2" };
        out.say("listen", &[raw(format!("{} ssl{http2}{more}{proxied}", socket(*address, "")))]);
    }
    if is_directive {
        out.say("http2", &[raw("on")]);
    }
    out.say("http2_max_concurrent_streams", &[raw(plan.server.limits.streams.to_string())]);
}

fn proxied(plan: &Plan<'_>) -> &'static str {
    if plan.server.proxy_protocol == ProxyProtocol::Required { " proxy_protocol" } else { "" }
}

fn unknown_hosts(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment(
        "Whoever asks for a name that is not served: an app would put that name into its links and mails. Only one file \
         of an nginx can have this block; leave it out of a second.",
    );
    out.open("server", &[], " {");
    for address in &plan.server.listen_http {
        out.say("listen", &[raw(format!("{} default_server{}", socket(*address, ""), proxied(plan)))]);
    }
    listen(plan, out, " default_server");
    out.say("server_name", &[raw("_")]);
    out.say("server_tokens", &[raw("off")]);
    out.comment(
        "No certificate is shown for a name that has none. Versions and suites are those of the socket's default.",
    );
    out.say("ssl_reject_handshake", &[raw("on")]);
    tls::settings(plan, out);
    let status = match plan.site.unknown_host {
        UnknownHost::BadRequest => "400",
        UnknownHost::Close => "444",
        UnknownHost::Misdirected => "421",
    };
    out.say("return", &[raw(status)]);
    out.close("}");
}

fn redirects(plan: &Plan<'_>, out: &mut Written) {
    let canonical = plan.canonical();
    let hosts = &plan.site.hosts;
    out.gap();
    out.comment("Plain HTTP leads to HTTPS. The address is written out: a Host that a client made up leads nowhere.");
    // One block a name, where each has its own address.
    let groups: Vec<Vec<&HostPattern>> =
        if canonical.is_some() { vec![hosts.iter().collect()] } else { hosts.iter().map(|host| vec![host]).collect() };
    for group in groups {
        out.open("server", &[], " {");
        for address in &plan.server.listen_http {
            out.say("listen", &[raw(format!("{}{}", socket(*address, ""), proxied(plan)))]);
        }
        out.say("server_name", &group.iter().map(|host| server_name(host)).collect::<Vec<_>>());
        out.say("server_tokens", &[raw("off")]);
        headers::bare(plan, out);
        redirect(plan, canonical.as_deref(), group.first().copied(), out);
        out.close("}");
    }
    let Some(canonical) = canonical else { return };
    let others: Vec<_> = hosts.iter().filter(|host| plan.authority(&written(name(host))) != canonical).collect();
    if plan.site.https.canonical_host.is_none() || others.is_empty() {
        return;
    }
    out.gap();
    out.comment("Other names lead to the one that visitors should see.");
    out.open("server", &[], " {");
    listen(plan, out, "");
    out.say("server_name", &others.iter().map(|host| server_name(host)).collect::<Vec<_>>());
    out.say("server_tokens", &[raw("off")]);
    tls::write(plan, out);
    headers::hsts(plan, out);
    redirect(plan, Some(&canonical), None, out);
    out.close("}");
}

/// 308 keeps the method and the body; old clients know only 301, for what has neither.
fn redirect(plan: &Plan<'_>, canonical: Option<&str>, host: Option<&HostPattern>, out: &mut Written) {
    let exact = host.and_then(|host| host.exact()).map(|host| plan.authority(&written(host.as_str())));
    let place = match canonical.map(str::to_owned).or(exact) {
        Some(authority) => format!("https://{authority}$request_uri"),
        // It was compared with `server_name`, which has a star.
        None => format!("https://{}$request_uri", plan.authority("$host")),
    };
    out.open("if", &[raw("($request_method !~ ^(?:GET|HEAD)$)")], " {");
    out.say("return", &[raw("308"), raw(place.clone())]);
    out.close("}");
    out.say("return", &[raw("301"), raw(place)]);
}

fn limits(plan: &Plan<'_>, out: &mut Written) {
    let limits = &plan.server.limits;
    out.gap();
    out.comment("What one client can take from the others.");
    for (name, time) in [
        ("client_header_timeout", limits.header_timeout),
        ("client_body_timeout", limits.body_timeout),
        ("send_timeout", limits.write_timeout),
        ("keepalive_timeout", limits.keep_alive),
    ] {
        if let Some(time) = time {
            out.say(name, &[raw(format!("{}s", time.as_secs().max(1)))]);
        }
    }
    let lines = (limits.head / limits.request_line.max(1)).max(1);
    out.say("large_client_header_buffers", &[raw(lines.to_string()), raw(limits.request_line.to_string())]);
    if plan.version.is_at_least([1, 29, 8]) {
        out.say("max_headers", &[raw(limits.headers.to_string())]);
    }
    out.say("client_max_body_size", &[raw(plan.policy.body.unwrap_or(0).to_string())]);
    if let Some(count) = limits.connections_per_client {
        out.say("limit_conn", &[raw(format!("{}__connections", plan.identifier())), raw(count.to_string())]);
        out.say("limit_conn_status", &[raw("429")]);
    }
    for (zone, rate) in decisions::rates(plan) {
        let zone = format!("zone={}__{zone}", plan.identifier());
        let burst = rate.burst.get().saturating_sub(1);
        let burst = if burst == 0 { String::new() } else { format!(" burst={burst} nodelay") };
        out.say("limit_req", &[raw(format!("{zone}{burst}"))]);
        out.say("limit_req_status", &[raw("429")]);
    }
}

fn refusals(plan: &Plan<'_>, decided: &[decisions::Decision], out: &mut Written) {
    out.gap();
    out.comment("What is refused before the app sees it; the maps above decide.");
    for decision in decided {
        out.open("if", &[raw(format!("({})", decision.variable))], " {");
        out.say("return", &[raw(decision.status)]);
        out.close("}");
    }
    if plan.site.encoded_slashes == EncodedSlashes::Refuse {
        out.open("if", &[raw("($request_uri ~"), text(super::patterns::ENCODED_SLASH), raw(")")], " {");
        out.say("return", &[raw("400")]);
        out.close("}");
    }
}

fn errors(plan: &Plan<'_>, out: &mut Written) {
    let statuses = &plan.policy.errors.replace;
    if statuses.is_empty() {
        return;
    }
    let (known, unknown): (Vec<&StatusCode>, Vec<&StatusCode>) =
        statuses.iter().partition(|status| status.canonical_reason().is_some() && status.as_u16() >= 300);
    if !unknown.is_empty() {
        out.note("error answers under a status that no standard names are not replaced");
    }
    out.gap();
    out.comment("What an error page of the app says is meant for its operator.");
    out.say("proxy_intercept_errors", &[raw("on")]);
    for status in &known {
        out.say("error_page", &[raw(status.as_str()), raw(format!("@error{}", status.as_str()))]);
    }
    for status in &known {
        out.open("location", &[raw(format!("@error{}", status.as_str()))], " {");
        out.say("default_type", &[raw("text/plain")]);
        let reason = status.canonical_reason().unwrap_or_default();
        out.say("return", &[raw(status.as_str()), text(format!("{} {reason}", status.as_str()))]);
        out.close("}");
    }
}

fn proxy(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("Who asks, as the app may believe it: what clients say of themselves is removed first.");
    let port = plan.port();
    let host = if port == 443 { "$host".to_owned() } else { format!("$host:{port}") };
    let written = [
        ("Host", host.clone()),
        ("Connection", variable(plan, "connection")),
        ("Upgrade", "$http_upgrade".to_owned()),
        ("X-Forwarded-For", "$remote_addr".to_owned()),
        ("X-Forwarded-Host", host.clone()),
        ("X-Forwarded-Port", port.to_string()),
        ("X-Forwarded-Proto", "$scheme".to_owned()),
        ("X-Real-IP", "$remote_addr".to_owned()),
        ("X-Request-ID", "$request_id".to_owned()),
    ];
    for (name, value) in &written {
        out.say("proxy_set_header", &[raw(*name), raw(value.clone())]);
    }
    let forwarded = format!("'for={};host=\"{host}\";proto=$scheme'", variable(plan, "for"));
    out.say("proxy_set_header", &[raw("Forwarded"), raw(forwarded)]);
    for name in IDENTITY_NAMES.iter().chain(&super::patterns::FORWARDED) {
        let is_written = written.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) || *name == "forwarded";
        if !is_written {
            out.say("proxy_set_header", &[raw(title(&HeaderName::from_static(name))), raw("\"\"")]);
        }
    }
    if !plan.server.trusted_proxies.is_empty() {
        out.gap();
        out.comment("Proxies before this one, whose word on the client counts.");
        for network in &plan.server.trusted_proxies {
            out.say("set_real_ip_from", &[raw(network.to_string())]);
        }
        let is_protocol = plan.server.proxy_protocol == ProxyProtocol::Required;
        out.say("real_ip_header", &[raw(if is_protocol { "proxy_protocol" } else { "X-Forwarded-For" })]);
        out.say("real_ip_recursive", &[raw("on")]);
    }
    out.gap();
    upstream::settings(plan, out);
    if let Some(security) = &plan.site.security_txt {
        if security.file.is_some() {
            out.note("security.txt from a file: serve it with `alias`");
        } else {
            out.gap();
            out.comment("Where to report a weakness (RFC 9116).");
            out.open("location", &[raw("= /.well-known/security.txt")], " {");
            out.say("default_type", &[raw("\"text/plain; charset=utf-8\"")]);
            // A quoted text holds line ends.
            let lines = security_txt::write(security);
            let quoted: Option<Vec<_>> = lines.lines().map(SYNTAX.quote).collect();
            match quoted {
                Some(lines) => {
                    let joined: Vec<_> = lines.iter().map(|line| line.trim_matches('"')).collect();
                    out.say("return", &[raw("200"), raw(format!("\"{}\\n\"", joined.join("\\n")))]);
                }
                None => {
                    out.note("security.txt: there is no way to write a $ there");
                    out.say("return", &[raw("404")]);
                }
            }
            out.close("}");
        }
    }
    out.gap();
    out.open("location", &[raw("/")], " {");
    out.say("proxy_pass", &[raw(upstream::address(plan))]);
    out.close("}");
}
