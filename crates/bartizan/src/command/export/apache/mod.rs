//! Apache: virtual hosts, decisions by mod_rewrite, headers by mod_headers in both of its tables.

mod headers;
mod refusals;
mod upstream;

use bartizan_headers::HostPattern;
use bartizan_proxy::config::{ProxyProtocol, TlsVersion, UnknownHost};
use bartizan_proxy::stages::request::IDENTITY_STARTS;

use super::patterns::{self, POST_QUANTUM};
use super::plan::{Plan, name, socket, written};
use super::written::{Plain, Syntax, Written, raw, text};

/// Double quotes, where a backslash protects itself and the quotes; `${…}` is filled in whatever stands around it.
pub(super) const SYNTAX: Syntax = Syntax {
    quote: |text| {
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
        (!text.contains("${") && !text.chars().any(char::is_control)).then(|| format!("\"{escaped}\""))
    },
    plain: Plain::Bare,
    end: "",
    indent: "    ",
};

/// Writes the configuration.
pub(super) fn write(plan: &Plan<'_>, out: &mut Written) {
    plan.note_what_only_the_wall_does(out);
    notes(plan, out);
    out.comment("What Apache tells of itself.");
    out.say("ServerTokens", &[raw("Prod")]);
    out.say("ServerSignature", &[raw("Off")]);
    out.say("TraceEnable", &[raw("Off")]);
    unknown_hosts(plan, out);
    redirects(plan, out);
    out.gap();
    out.comment("The site.");
    for address in &plan.server.listen {
        out.open("<VirtualHost", &[raw(socket(*address, "*:"))], ">");
        names(plan, &plan.site.hosts.iter().collect::<Vec<_>>(), out);
        tls(plan, out);
        limits(plan, out);
        refusals::refusals(plan, out);
        headers::headers(plan, out);
        headers::cookies(plan, out);
        headers::errors(plan, out);
        upstream::proxy(plan, out);
        out.close("</VirtualHost>");
    }
}

fn notes(plan: &Plan<'_>, out: &mut Written) {
    out.note("`Server: Apache` stays: only its version can be hidden");
    let starts: Vec<_> = IDENTITY_STARTS.iter().map(|start| format!("{start}*")).collect();
    out.note(format!("of what clients say of themselves, names that begin so are not removed: {}", starts.join(" ")));
    let limits = &plan.server.limits;
    if limits.connections_per_client.is_some() {
        out.note("the bound on connections of one client");
    }
    if limits.requests_per_client.is_some() || plan.policy.requests_per_client.is_some() {
        out.note("the bound on requests of one client");
    }
    if plan.server.proxy_protocol == ProxyProtocol::Required || !plan.server.trusted_proxies.is_empty() {
        out.note("trusted proxies before this one: mod_remoteip has directives for them");
    }
    if plan.site.unknown_host == UnknownHost::Close {
        out.note("requests for unknown names are answered with 421, not left without an answer");
    }
    if plan.site.security_txt.is_some() {
        out.note("security.txt: Apache serves files alone");
    }
    if plan.certificate.ocsp.is_some() {
        out.note("the OCSP response to staple: Apache asks for its own (SSLUseStapling)");
    }
    if plan.certificate.is_assumed {
        let chain = plan.certificate.chain.display();
        out.note(format!("no certificate was named: {chain} is assumed (--certificate, --key)"));
    }
}

fn names(plan: &Plan<'_>, hosts: &[&HostPattern], out: &mut Written) {
    let own = |host: &HostPattern| match host.below() {
        Some(below) => format!("*.{}", below.as_str()),
        None => written(name(host)),
    };
    // The server's own name has no star.
    let first = hosts.iter().copied().find(|host| host.exact().is_some());
    if let Some(first) = first {
        out.say("ServerName", &[text(plan.authority(&own(first)))]);
    } else {
        out.say("ServerName", &[text("wildcard.invalid")]);
    }
    for host in hosts.iter().filter(|host| Some(**host) != first) {
        out.say("ServerAlias", &[text(own(host))]);
    }
}

fn unknown_hosts(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment(
        "Whoever asks for a name that is not served: an app would put that name into its links and mails. The first \
         virtual host of an address takes them, so this file has to be read first.",
    );
    let status = if plan.site.unknown_host == UnknownHost::BadRequest { "400" } else { "421" };
    for address in &plan.server.listen_http {
        out.marker(NO_PAGE);
        out.open("<VirtualHost", &[raw(socket(*address, "*:"))], ">");
        out.say("ServerName", &[text("unknown-host.invalid")]);
        out.say("RewriteEngine", &[raw("On")]);
        out.say("RewriteRule", &[raw("^"), raw("-"), raw(format!("[R={status},L]"))]);
        out.close("</VirtualHost>");
    }
    for address in &plan.server.listen {
        out.marker(NO_PAGE);
        out.open("<VirtualHost", &[raw(socket(*address, "*:"))], ">");
        out.say("ServerName", &[text("unknown-host.invalid")]);
        tls(plan, out);
        out.say("RewriteEngine", &[raw("On")]);
        out.say("RewriteRule", &[raw("^"), raw("-"), raw(format!("[R={status},L]"))]);
        out.close("</VirtualHost>");
    }
}

/// For `bartizan audit`, of virtual hosts that answer with a status and nothing to show.
const NO_PAGE: &str = "bartizan: ignore hsts-missing,csp-missing,nosniff-missing,referrer-policy-missing,\
http-no-redirect no page is served here";

fn redirects(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("Plain HTTP leads to HTTPS. The address is written out: a Host that a client made up leads nowhere.");
    let hosts: Vec<&HostPattern> = plan.site.hosts.iter().collect();
    let canonical = plan.canonical();
    let groups: Vec<Vec<&HostPattern>> =
        if canonical.is_some() { vec![hosts.clone()] } else { hosts.iter().map(|host| vec![*host]).collect() };
    for address in &plan.server.listen_http {
        for group in &groups {
            out.marker(NO_PAGE);
            out.open("<VirtualHost", &[raw(socket(*address, "*:"))], ">");
            names(plan, group, out);
            headers::bare_headers(plan, out);
            out.comment("The path as it was sent: Apache's own would be decoded. The query follows by itself.");
            out.say("AllowEncodedSlashes", &[raw("NoDecode")]);
            out.say("RewriteEngine", &[raw("On")]);
            redirect(plan, canonical.as_deref(), group.first().copied(), out);
            out.close("</VirtualHost>");
        }
    }
}

/// 308 keeps the method and the body; old clients know only 301, for what has neither.
fn redirect(plan: &Plan<'_>, canonical: Option<&str>, host: Option<&HostPattern>, out: &mut Written) {
    let exact = host.and_then(|host| host.exact()).map(|host| plan.authority(&written(host.as_str())));
    let authority = canonical.map(str::to_owned).or(exact);
    // It was compared with an alias, which has a star.
    let authority = authority.unwrap_or_else(|| plan.authority("%{HTTP_HOST}"));
    for (condition, status) in [("^(?:GET|HEAD) [^/ ?]*(/[^ ?]*)", "301"), ("^[^ ]+ [^/ ?]*(/[^ ?]*)", "308")] {
        out.say("RewriteCond", &[raw("%{THE_REQUEST}"), text(condition)]);
        out.say(
            "RewriteRule",
            &[raw("^"), raw(format!("\"https://{authority}%1\"")), raw(format!("[R={status},NE,L]"))],
        );
    }
}

fn tls(plan: &Plan<'_>, out: &mut Written) {
    let (tls, files) = (plan.tls(), &plan.certificate);
    out.comment("TLS.");
    out.say("SSLEngine", &[raw("on")]);
    out.say("SSLCertificateFile", &[text(files.chain.display().to_string())]);
    if let Some(key) = &files.key {
        out.say("SSLCertificateKeyFile", &[text(key.display().to_string())]);
    }
    let versions: Vec<_> = [(TlsVersion::V1_2, "+TLSv1.2"), (TlsVersion::V1_3, "+TLSv1.3")]
        .into_iter()
        .filter(|(version, _)| tls.versions.contains(version))
        .map(|(_, name)| name)
        .collect();
    out.say("SSLProtocol", &[raw(format!("-all {}", versions.join(" ")))]);
    if tls.versions.contains(&TlsVersion::V1_2) {
        out.say("SSLCipherSuite", &[raw(patterns::openssl_ciphers(tls))]);
    }
    if tls.versions.contains(&TlsVersion::V1_3) {
        out.say("SSLCipherSuite", &[raw("TLSv1.3"), raw(patterns::tls13_suites(tls).join(":"))]);
    }
    // Every suite of the list is sound, and a phone knows best which of them it computes quickly.
    out.say("SSLHonorCipherOrder", &[raw("off")]);
    let (groups, is_short) = patterns::openssl_groups(tls);
    out.say("SSLOpenSSLConfCmd", &[raw("Groups"), raw(groups)]);
    if is_short {
        out.note(POST_QUANTUM);
    }
    out.say("SSLCompression", &[raw("off")]);
    // Their keys stay for as long as Apache runs, and open all that was recorded.
    out.say("SSLSessionTickets", &[raw("off")]);
    if let Some(client) = &tls.client_certificates {
        out.say("SSLCACertificateFile", &[text(client.authorities.display().to_string())]);
        out.say("SSLVerifyClient", &[raw(if client.required { "require" } else { "optional" })]);
    }
    out.say("Protocols", &[raw("h2 http/1.1")]);
}

fn limits(plan: &Plan<'_>, out: &mut Written) {
    let limits = &plan.server.limits;
    out.gap();
    out.comment("What one client can take from the others.");
    out.say("LimitRequestLine", &[raw(limits.request_line.to_string())]);
    out.say("LimitRequestFieldSize", &[raw(limits.head.to_string())]);
    out.say("LimitRequestFields", &[raw(limits.headers.to_string())]);
    out.say("LimitRequestBody", &[raw(plan.policy.body.unwrap_or(0).to_string())]);
    let time = |limit: Option<std::time::Duration>| limit.map_or(0, |time| time.as_secs().max(1));
    let rate = limits.minimum_rate.0;
    let read = format!(
        "handshake={} header={} body={},MinRate={rate}",
        time(limits.handshake_timeout),
        time(limits.header_timeout),
        time(limits.body_timeout)
    );
    out.say("RequestReadTimeout", &[raw(read)]);
    if let Some(time) = limits.keep_alive {
        out.say("KeepAliveTimeout", &[raw(time.as_secs().max(1).to_string())]);
    }
    if let Some(time) = limits.write_timeout {
        out.say("Timeout", &[raw(time.as_secs().max(1).to_string())]);
    }
}
