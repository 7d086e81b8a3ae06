//! Apache: virtual hosts, decisions by mod_rewrite, headers by mod_headers in both of its tables.

use bartizan_headers::HostPattern;
use bartizan_proxy::config::{
    CsrfMode, EncodedSlashes, ProxyProtocol, ResourceIsolation, TlsVersion, UnknownHost, UpstreamAddress,
    UpstreamProtocol,
};
use bartizan_proxy::stages::request::{IDENTITY_NAMES, IDENTITY_STARTS};
use http::HeaderName;
use http::header::X_CONTENT_TYPE_OPTIONS;

use super::patterns::{self, Methods, POST_QUANTUM};
use super::plan::{Plan, name, socket, written};
use super::routes::{Access, Check, Route};
use super::sent::{App, On, Sent, title};
use super::written::{Arg, Plain, Syntax, Written, raw, text};

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
        refusals(plan, out);
        headers(plan, out);
        cookies(plan, out);
        errors(plan, out);
        proxy(plan, out);
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
            bare_headers(plan, out);
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

fn refusals(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("What is refused before the app sees it. Conditions before a rule must all hold.");
    out.say("RewriteEngine", &[raw("On")]);
    let refuse = |out: &mut Written, status: &str| {
        out.say("RewriteRule", &[raw("^"), raw("-"), raw(format!("[R={status},L]"))]);
    };
    out.comment("Methods, and those that a request asks the app to act on instead of its own.");
    let overrides = patterns::overrides();
    let fields = std::iter::once("%{REQUEST_METHOD}".to_owned())
        .chain(overrides.iter().map(|name| format!("%{{HTTP:{name}}}")))
        .collect::<Vec<_>>();
    let (regex, is_bad) = match patterns::methods(plan) {
        Methods::AllBut(never) => (format!("(?:^|:)(?:{})(?:$|:)", never.join("|")), true),
        Methods::Only(names) => {
            let one = format!("(?:{})", names.join("|"));
            (format!("^{one}{}$", format!("(?::{one}?)").repeat(overrides.len())), false)
        }
    };
    let bang = if is_bad { "" } else { "!" };
    let case = if is_bad { " [NC]" } else { "" };
    out.say("RewriteCond", &[text(fields.join(":")), raw(format!("\"{bang}{regex}\"{case}"))]);
    refuse(out, "405");
    routes(plan, out);
    out.comment("Paths that climb once an app has decoded them, past every rule for paths.");
    out.say("RewriteCond", &[raw("%{THE_REQUEST}"), text(climbs())]);
    refuse(out, "400");
    out.say(
        "AllowEncodedSlashes",
        &[raw(match plan.site.encoded_slashes {
            EncodedSlashes::Refuse => "Off",
            EncodedSlashes::Keep | EncodedSlashes::Decode => "NoDecode",
        })],
    );
    if plan.policy.csrf.mode != CsrfMode::DangerousOff {
        forged(plan, out);
    }
    if plan.policy.isolation == ResourceIsolation::On {
        out.comment("Other sites may link here, and load nothing.");
        unless_skipped(plan, |route| route.isolation, out);
        for condition in [
            "-n %{HTTP:Sec-Fetch-Site}".to_owned(),
            "%{HTTP:Sec-Fetch-Site} !~ /^(?:same-origin|same-site|none)$/".to_owned(),
            "! (%{REQUEST_METHOD} =~ /^(?:GET|HEAD)$/ && %{HTTP:Sec-Fetch-Mode} == 'navigate' \
             && %{HTTP:Sec-Fetch-Dest} !~ /^(?:embed|object)$/)"
                .to_owned(),
            format!("%{{HTTP:Origin}} !~ m#{}#", patterns::any(&patterns::trusted_origins(plan))),
        ] {
            out.say("RewriteCond", &[raw("expr"), text(condition)]);
        }
        refuse(out, "403");
    }
}

/// Notes the route that a request meets, and refuses what is denied.
fn routes(plan: &Plan<'_>, out: &mut Written) {
    if plan.routes.is_empty() {
        return;
    }
    out.comment("Paths with rules of their own; the longest stands last, and the last that fits counts.");
    for route in plan.routes.iter().rev() {
        out.say("RewriteCond", &[raw("%{REQUEST_URI}"), text(route.pattern.clone())]);
        out.say("RewriteRule", &[raw("^"), raw("-"), raw(format!("[E=BARTIZAN_ROUTE:{}]", route.id))]);
    }
    for route in plan.routes.iter().filter(|route| route.access == Access::Denied) {
        out.say("RewriteCond", &[raw("%{ENV:BARTIZAN_ROUTE}"), raw(format!("^{}$", route.id))]);
        out.say("RewriteRule", &[raw("^"), raw("-"), raw("[R=403,L]")]);
    }
}

/// A condition for the rule that follows: it is not on a route where this is not checked.
fn unless_skipped(plan: &Plan<'_>, check: impl Fn(&Route) -> Check, out: &mut Written) {
    for route in plan.routes.iter().filter(|route| check(route) == Check::Skipped) {
        out.say("RewriteCond", &[raw("%{ENV:BARTIZAN_ROUTE}"), raw(format!("!^{}$", route.id))]);
    }
}

fn forged(plan: &Plan<'_>, out: &mut Written) {
    out.comment("No other site acts in a visitor's name (cross-site request forgery): it acts,");
    unless_skipped(plan, |route| route.csrf, out);
    let overrides: Vec<_> = patterns::overrides().iter().map(|name| format!("-n %{{HTTP:{name}}}")).collect();
    let mut say = |comment: &str, condition: String| {
        if !comment.is_empty() {
            out.comment(comment);
        }
        out.say("RewriteCond", &[raw("expr"), text(condition)]);
    };
    say(
        "",
        format!(
            "%{{REQUEST_METHOD}} !~ /^(?:GET|HEAD|OPTIONS)$/ || -n %{{HTTP:Upgrade}} || {}",
            overrides.join(" || ")
        ),
    );
    say(
        "without credentials that no browser adds by itself,",
        format!(
            "%{{HTTP:Authorization}} !~ /{}/ || %{{HTTP:Authorization}} =~ /{}/i",
            patterns::CREDENTIALS,
            patterns::ambient()
        ),
    );
    say(
        "from no trusted origin,",
        format!("%{{HTTP:Origin}} !~ m#{}#", patterns::any(&patterns::trusted_origins(plan))),
    );
    say("not from this very origin,", "%{HTTP:Sec-Fetch-Site} !~ /^(?:same-origin|none)$/".to_owned());
    say(
        "not by an older browser from there,",
        format!(
            "-n %{{HTTP:Sec-Fetch-Site}} || %{{HTTP:Origin}} !~ m#{}#",
            patterns::any(&patterns::own_origins(plan))
        ),
    );
    let silent = match plan.policy.csrf.mode {
        CsrfMode::On | CsrfMode::DangerousOff => "-n %{HTTP:Sec-Fetch-Site} || -n %{HTTP:Origin}".to_owned(),
        CsrfMode::Strict => format!(
            "-n %{{HTTP:Sec-Fetch-Site}} || -n %{{HTTP:Origin}} || -n %{{HTTP:Authorization}} || \
             %{{HTTP:Cookie}} =~ m#{}#",
            session_cookie(plan)
        ),
    };
    say("and not by a program, which says neither.", silent);
    out.say("RewriteRule", &[raw("^"), raw("-"), raw("[R=403,L]")]);
}

/// The pattern of climbing paths, for a whole request line.
fn climbs() -> String {
    let path = patterns::CLIMBS.trim_start_matches('^').replace("|$)", "| )").replace("[^?]*", "[^? ]*");
    format!("^[^ ]+ {path}")
}

fn session_cookie(plan: &Plan<'_>) -> String {
    // The delimiter of the expression.
    patterns::session_cookie(&plan.policy.cookies).replace('#', "[#]")
}

/// What mod_headers would take for a format is written twice.
fn value(sent: &Sent) -> Arg {
    text(sent.value.replace('%', "%%"))
}

fn headers(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("What tells of the software behind.");
    for name in &plan.policy.strip {
        out.say("Header", &[raw("onsuccess"), raw("unset"), text(title(name))]);
    }
    out.gap();
    out.comment(
        "Security headers, on every answer, errors as well (`always`). What the app sends stands in a table of its own \
         (`onsuccess`) and goes where ours take its place; Apache looks at the lines of that table last.",
    );
    for sent in &plan.headers {
        let name = || text(sent.name.clone());
        match (&sent.when, &sent.app) {
            (On::Private, _) => private(plan, sent, out),
            (On::Paths(paths), _) => {
                for path in paths {
                    let here = format!("expr=%{{REQUEST_URI}} =~ m#^{}$#", patterns::literal(path).replace('#', "[#]"));
                    out.say("Header", &[raw("onsuccess"), raw("unset"), name(), text(here.clone())]);
                    out.say("Header", &[raw("always"), raw("set"), name(), value(sent), text(here)]);
                }
            }
            (_, App::Beside) => out.say("Header", &[raw("always"), raw("add"), name(), value(sent)]),
            (_, App::Stands) => {
                let silent = text(format!("expr=-z %{{resp:{}}}", sent.name));
                out.say("Header", &[raw("always"), raw("set"), name(), value(sent), silent]);
            }
            (when, App::YieldsUnless(words)) => {
                let mut unset = vec![raw("onsuccess"), raw("unset"), name()];
                if *when == On::Uninvited {
                    unset.push(text("expr=-z %{resp:Access-Control-Allow-Origin}"));
                }
                out.say("Header", &unset);
                out.say("Header", &[raw("always"), raw("set"), name(), value(sent)]);
                for word in words {
                    let here = text(format!("expr=%{{resp:{}}} =~ /^{word}$/i", sent.name));
                    out.say("Header", &[raw("always"), raw("set"), name(), text(*word), here]);
                }
                if *when == On::Uninvited {
                    let is_invited = text("expr=-n %{resp:Access-Control-Allow-Origin}");
                    out.say("Header", &[raw("always"), raw("unset"), name(), is_invited]);
                }
            }
        }
    }
}

/// Writes the headers of an answer that is no page, over plain HTTP.
fn bare_headers(plan: &Plan<'_>, out: &mut Written) {
    for sent in plan.headers.iter().filter(|sent| sent.name == title(&X_CONTENT_TYPE_OPTIONS)) {
        out.say("Header", &[raw("always"), raw("set"), text(sent.name.clone()), value(sent)]);
    }
}

/// Answers that belong to one visitor, where the app does not say how they are cached.
fn private(plan: &Plan<'_>, sent: &Sent, out: &mut Written) {
    out.comment("An answer that sets a cookie, or follows from a login, is nobody else's.");
    let session = session_cookie(plan);
    let mine = format!(
        "expr=-z %{{resp:Cache-Control}} && -z %{{resp:Expires}} && -z %{{resp:Pragma}} && (-n %{{resp:Set-Cookie}} || \
         ((-n %{{HTTP:Authorization}} || %{{HTTP:Cookie}} =~ m#{session}#) && \
         ((-z %{{resp:ETag}} && -z %{{resp:Last-Modified}}) || %{{resp:Content-Type}} =~ m#^(?:text/html|application/xhtml)#)))"
    );
    out.say("Header", &[raw("onsuccess"), raw("set"), text(sent.name.clone()), value(sent), text(mine)]);
    out.note("a shared cache is let keep an answer with a cookie, where the app says so");
}

fn cookies(plan: &Plan<'_>, out: &mut Written) {
    let cookies = &plan.policy.cookies;
    let edits = patterns::cookie_edits(cookies);
    if edits.is_empty() {
        return;
    }
    out.gap();
    out.comment("Cookies: those that hold a login are kept from scripts and from other sites' requests.");
    let except = patterns::not_excepted(cookies);
    for (names, attribute, added) in edits {
        let regex = format!("(?i)^({except}(?-i:{names})=(?!.*; *{attribute}(?:=|;|$)).*)$");
        out.say(
            "Header",
            &[raw("onsuccess"), raw("edit"), raw("Set-Cookie"), text(regex), text(format!("$1; {added}"))],
        );
    }
}

fn errors(plan: &Plan<'_>, out: &mut Written) {
    let statuses: Vec<_> =
        plan.policy.errors.replace.iter().filter(|status| status.canonical_reason().is_some()).collect();
    if statuses.is_empty() {
        return;
    }
    if statuses.len() < plan.policy.errors.replace.len() {
        out.note("error answers under a status that no standard names are not replaced");
    }
    out.gap();
    out.comment("What an error page of the app says is meant for its operator.");
    let codes: Vec<_> = statuses.iter().map(|status| status.as_str()).collect();
    out.say("ProxyErrorOverride", &[raw(format!("On {}", codes.join(" ")))]);
    for status in statuses {
        let reason = status.canonical_reason().unwrap_or_default();
        out.say("ErrorDocument", &[raw(status.as_str()), text(format!("{} {reason}", status.as_str()))]);
    }
}

fn proxy(plan: &Plan<'_>, out: &mut Written) {
    let upstream = &plan.site.upstream;
    out.gap();
    out.comment("Who asks, as the app may believe it: what clients say of themselves is removed first.");
    for name in IDENTITY_NAMES.iter().chain(&patterns::FORWARDED) {
        out.say("RequestHeader", &[raw("unset"), text(title(&HeaderName::from_static(name)))]);
    }
    out.say("ProxyAddHeaders", &[raw("Off")]);
    for (name, value) in [
        ("X-Forwarded-For", "expr=%{REMOTE_ADDR}".to_owned()),
        ("X-Real-IP", "expr=%{REMOTE_ADDR}".to_owned()),
        ("X-Forwarded-Host", "expr=%{HTTP_HOST}".to_owned()),
        ("X-Forwarded-Proto", "https".to_owned()),
        ("X-Forwarded-Port", plan.port().to_string()),
        ("X-Request-ID", "%{UNIQUE_ID}e".to_owned()),
    ] {
        out.say("RequestHeader", &[raw("set"), raw(name), text(value)]);
    }
    out.comment("IPv6 addresses stand in brackets and quotes (RFC 7239, 6).");
    for (value, condition) in [
        ("expr=for=%{REMOTE_ADDR};host=\"%{HTTP_HOST}\";proto=https", "expr=%{REMOTE_ADDR} !~ /:/"),
        ("expr=for=\"[%{REMOTE_ADDR}]\";host=\"%{HTTP_HOST}\";proto=https", "expr=%{REMOTE_ADDR} =~ /:/"),
    ] {
        out.say("RequestHeader", &[raw("set"), raw("Forwarded"), text(value), text(condition)]);
    }
    out.gap();
    out.comment("The app. The path goes there as it was sent.");
    out.say("ProxyRequests", &[raw("Off")]);
    out.say("ProxyPreserveHost", &[raw("On")]);
    out.say("ProxyVia", &[raw("Off")]);
    if let Some(time) = upstream.response_timeout {
        out.say("ProxyTimeout", &[raw(time.as_secs().max(1).to_string())]);
    }
    let is_encrypted =
        upstream.addresses.iter().any(|address| matches!(address, UpstreamAddress::Tcp { tls: true, .. }));
    if is_encrypted {
        out.say("SSLProxyEngine", &[raw("on")]);
        out.say("SSLProxyProtocol", &[raw("-all +TLSv1.2 +TLSv1.3")]);
        if upstream.tls.dangerous_skip_verification {
            out.say("SSLProxyVerify", &[raw("none")]);
        } else {
            out.say("SSLProxyVerify", &[raw("require")]);
            out.say("SSLProxyCheckPeerName", &[raw("on")]);
            let authorities = upstream.tls.authorities.as_ref().map(|path| path.display().to_string());
            let authorities = authorities.unwrap_or_else(|| "/etc/ssl/certs/ca-certificates.crt".to_owned());
            out.say("SSLProxyCACertificateFile", &[text(authorities)]);
        }
        if upstream.tls.server_name.is_some() {
            out.note("the name that the app's certificate is checked for: Apache takes that of its address");
        }
    }
    if upstream.health.is_some() {
        out.note("active health checks of the app: an address rests after failures alone");
    }
    if upstream.protocol == UpstreamProtocol::Http2 {
        out.note("HTTP/2 towards the app: it is spoken to in HTTP/1.1");
    }
    let connect = upstream.connect_timeout.as_secs().max(1);
    let retry = upstream.fail_timeout.as_secs().max(1);
    let last = format!("connectiontimeout={connect} retry={retry} upgrade=websocket");
    match upstream.addresses.as_slice() {
        [one] => {
            let place = text(format!("{}/", place(one)));
            out.say("ProxyPass", &[text("/"), place, raw("nocanon"), raw(last)]);
        }
        several => {
            let balancer = format!("balancer://{}", plan.identifier().replace('_', "-"));
            out.open("<Proxy", &[text(balancer.clone())], ">");
            for address in several {
                out.say("BalancerMember", &[text(place(address)), raw(last.clone())]);
            }
            out.close("</Proxy>");
            out.say("ProxyPass", &[text("/"), text(format!("{balancer}/")), raw("nocanon")]);
        }
    }
}

fn place(address: &UpstreamAddress) -> String {
    match address {
        UpstreamAddress::Tcp { host, port, tls } => {
            format!("{}://{}:{port}", if *tls { "https" } else { "http" }, written(host))
        }
        UpstreamAddress::Unix(path) => format!("unix:{}|http://localhost", path.display()),
    }
}
