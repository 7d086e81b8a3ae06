//! HAProxy: a frontend for each of HTTP and HTTPS, and a backend.

use std::time::Duration;

use bartizan_proxy::config::{
    Balance, CsrfMode, EncodedSlashes, ProxyProtocol, RequestRate, ResourceIsolation, TlsVersion, UnknownHost,
    UpstreamAddress, UpstreamProtocol,
};
use bartizan_proxy::stages::request::{IDENTITY_NAMES, IDENTITY_STARTS, security_txt};
use http::StatusCode;
use http::header::X_CONTENT_TYPE_OPTIONS;

use super::patterns::{self, Methods, POST_QUANTUM};
use super::plan::{Plan, socket, written};
use super::routes::{Access, Check, Route};
use super::sent::{App, On, Sent, title};
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
        out.say("http-after-response", &[raw(format!("set-header {}", sent.name)), text(value(sent))]);
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
    refusals(plan, out);
    identity(plan, out);
    responses(plan, out);
    out.say("default_backend", &[raw(plan.identifier())]);
    out.close("");
    backend(plan, out);
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

fn refusals(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("Methods, and those that a request asks the app to act on instead of its own.");
    let overrides = patterns::overrides();
    let (regex, condition) = match patterns::methods(plan) {
        Methods::AllBut(never) => (format!("^(?:{})$", never.join("|")), "if bad_method"),
        Methods::Only(names) => (format!("^(?:{})$", names.join("|")), "if !good_method"),
    };
    if condition == "if bad_method" {
        out.say("acl", &[raw("bad_method method -m reg -i"), text(regex.clone())]);
        for name in &overrides {
            out.say("acl", &[raw(format!("bad_method req.hdr({name}) -m reg -i")), text(regex.clone())]);
        }
    } else {
        out.say("acl", &[raw("good_method method -m reg"), text(regex.clone())]);
        for name in &overrides {
            out.say("acl", &[raw(format!("asks_method req.hdr({name}) -m found"))]);
            out.say("acl", &[raw(format!("good_override req.hdr({name}) -m reg")), text(regex.clone())]);
        }
        out.say("http-request", &[raw(answer("405", "if asks_method !good_override"))]);
    }
    out.say("http-request", &[raw(answer("405", condition))]);
    out.comment("Paths that climb once an app has decoded them, past every rule for paths.");
    out.say("acl", &[raw("climbs url -m reg"), text(patterns::CLIMBS)]);
    out.say("http-request", &[raw(answer("400", "if climbs"))]);
    if plan.site.encoded_slashes == EncodedSlashes::Refuse {
        out.say("acl", &[raw("encoded_slash url -m reg"), text(patterns::ENCODED_SLASH)]);
        out.say("http-request", &[raw(answer("400", "if encoded_slash"))]);
    }
    routes(plan, out);
    session(plan, out);
    let (csrf, isolation) = (plan.policy.csrf.mode, plan.policy.isolation);
    if csrf == CsrfMode::DangerousOff && isolation == ResourceIsolation::Off {
        return;
    }
    out.gap();
    out.comment("Whose page made the browser send a request.");
    out.say("acl", &[raw("fetch req.hdr(sec-fetch-site) -m found")]);
    out.say("acl", &[raw("origin req.hdr(origin) -m found")]);
    let trusted = patterns::trusted_origins(plan);
    out.say("acl", &[raw("trusted req.hdr(origin) -m reg"), text(patterns::any(&trusted))]);
    if csrf != CsrfMode::DangerousOff {
        forged(plan, out);
    }
    if isolation == ResourceIsolation::On {
        out.comment("Other sites may link here, and load nothing.");
        out.say("acl", &[raw("near req.hdr(sec-fetch-site) -m str same-origin same-site none")]);
        out.say("acl", &[raw("link method GET HEAD")]);
        out.say("acl", &[raw("navigates req.hdr(sec-fetch-mode) -m str navigate")]);
        out.say("acl", &[raw("embeds req.hdr(sec-fetch-dest) -m str embed object")]);
        let here = unless_skipped(plan, |route| route.isolation, "unloaded", out);
        for rest in ["!link", "!navigates", "embeds"] {
            out.say("http-request", &[raw(answer("403", &format!("if fetch !near !trusted {rest}{here}")))]);
        }
    }
}

/// Notes the route that a request meets, and refuses what is denied.
fn routes(plan: &Plan<'_>, out: &mut Written) {
    if plan.routes.is_empty() {
        return;
    }
    out.comment("Paths with rules of their own; the longest stands last, and the last that fits counts.");
    for route in plan.routes.iter().rev() {
        let id = &route.id;
        out.say("acl", &[raw(format!("is_{id} path,url_dec -m reg")), text(route.pattern.clone())]);
        out.say("http-request", &[raw(format!("set-var(txn.route) str({id}) if is_{id}"))]);
    }
    for route in plan.routes.iter().filter(|route| route.access == Access::Denied) {
        let condition = format!("if {{ var(txn.route) -m str {} }}", route.id);
        out.say("http-request", &[raw(answer("403", &condition))]);
    }
}

/// Writes an access list of the routes where something is not checked, and returns a condition without them.
fn unless_skipped(plan: &Plan<'_>, check: impl Fn(&Route) -> Check, name: &str, out: &mut Written) -> String {
    let ids: Vec<&str> =
        plan.routes.iter().filter(|route| check(route) == Check::Skipped).map(|route| route.id.as_str()).collect();
    if ids.is_empty() {
        return String::new();
    }
    out.say("acl", &[raw(format!("{name} var(txn.route) -m str {}", ids.join(" ")))]);
    format!(" !{name}")
}

fn forged(plan: &Plan<'_>, out: &mut Written) {
    out.comment("No other site acts in a visitor's name (cross-site request forgery). A WebSocket acts, and so does a");
    out.comment("request for another method; credentials that no browser adds by itself are as good as an origin.");
    out.say("acl", &[raw("reads method GET HEAD OPTIONS")]);
    out.say("acl", &[raw("asks_more req.hdr(upgrade) -m found")]);
    for name in patterns::overrides() {
        out.say("acl", &[raw(format!("asks_more req.hdr({name}) -m found"))]);
    }
    out.say("acl", &[raw("credentials req.hdr(authorization) -m reg"), text(patterns::CREDENTIALS)]);
    out.say("acl", &[raw("ambient req.hdr(authorization) -m reg -i"), text(patterns::ambient())]);
    out.say("http-request", &[raw("set-var(txn.acts) bool(true) if !reads or asks_more")]);
    out.say("http-request", &[raw("unset-var(txn.acts) if credentials !ambient or trusted")]);
    if !unless_skipped(plan, |route| route.csrf, "unchecked", out).is_empty() {
        out.say("http-request", &[raw("unset-var(txn.acts) if unchecked")]);
    }
    out.say("acl", &[raw("acts var(txn.acts) -m bool")]);
    out.say("acl", &[raw("own_fetch req.hdr(sec-fetch-site) -m str same-origin none")]);
    let own = patterns::own_origins(plan);
    out.say("acl", &[raw("own_origin req.hdr(origin) -m reg"), text(patterns::any(&own))]);
    let mut conditions = vec!["if acts fetch !own_fetch", "if acts !fetch origin !own_origin"];
    if plan.policy.csrf.mode == CsrfMode::Strict {
        conditions.push("if acts !fetch !origin { var(txn.session) -m bool }");
    }
    for condition in conditions {
        out.say("http-request", &[raw(answer("403", condition))]);
    }
}

fn session(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("Whether the request carries a login: the answer is nobody else's then.");
    out.say("acl", &[raw("session req.hdr(authorization) -m found")]);
    let names = patterns::session_cookie(&plan.policy.cookies);
    out.say("acl", &[raw("session req.hdr(cookie) -m reg"), text(names)]);
    out.say("http-request", &[raw("set-var(txn.session) bool(true) if session")]);
    out.say("http-request", &[raw("set-var(txn.path) path")]);
}

fn identity(plan: &Plan<'_>, out: &mut Written) {
    if let Some(security) = &plan.site.security_txt {
        if security.file.is_some() {
            out.note("security.txt from a file: `http-request return … file`");
        } else {
            let lines = security_txt::write(security);
            let quoted: Vec<_> = lines.lines().filter_map(SYNTAX.quote).collect();
            let joined: Vec<_> = quoted.iter().map(|line| line.trim_matches('"')).collect();
            out.comment("Where to report a weakness (RFC 9116).");
            let answer = format!(
                "return status 200 content-type \"text/plain; charset=utf-8\" string \"{}\\n\" if {{ path \
                 /.well-known/security.txt }} {{ method GET HEAD }}",
                joined.join("\\n")
            );
            out.say("http-request", &[raw(answer)]);
        }
    }
    out.gap();
    out.comment("Who asks, as the app may believe it: what clients say of themselves is removed first.");
    for start in IDENTITY_STARTS {
        out.say("http-request", &[raw(format!("del-header {start} -m beg"))]);
    }
    for name in IDENTITY_NAMES {
        out.say("http-request", &[raw(format!("del-header {name}"))]);
    }
    out.comment("CGI and WSGI read an underscore as a hyphen.");
    out.say("http-request", &[raw("del-header \"^[^_]*_.*\" -m reg")]);
    for (name, value) in [
        ("X-Forwarded-For", "%[src]".to_owned()),
        ("X-Real-IP", "%[src]".to_owned()),
        ("X-Forwarded-Host", "%[req.hdr(host)]".to_owned()),
        ("X-Forwarded-Proto", "https".to_owned()),
        ("X-Forwarded-Port", plan.port().to_string()),
        ("X-Request-ID", "%[uuid()]".to_owned()),
    ] {
        out.say("http-request", &[raw(format!("set-header {name} {value}"))]);
    }
    out.comment("IPv6 addresses stand in brackets and quotes (RFC 7239, 6).");
    let rest = ";host=\\\"%[req.hdr(host)]\\\";proto=https\"";
    let is_six = "{ src -m reg : }";
    out.say("http-request", &[raw(format!("set-header Forwarded \"for=%[src]{rest} if !{is_six}"))]);
    out.say("http-request", &[raw(format!("set-header Forwarded \"for=\\\"[%[src]]\\\"{rest} if {is_six}"))]);
}

/// What a log format would take for a variable is written twice.
fn value(sent: &Sent) -> String {
    sent.value.replace('%', "%%")
}

fn responses(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    out.comment("What tells of the software behind.");
    for name in &plan.policy.strip {
        out.say("http-response", &[raw(format!("del-header {name}"))]);
    }
    cookies(plan, out);
    let replaced: Vec<_> =
        plan.policy.errors.replace.iter().filter(|status| status.canonical_reason().is_some()).collect();
    if !replaced.is_empty() {
        out.gap();
        out.comment("What an error page of the app says is meant for its operator.");
        for status in &replaced {
            let code = status.as_str();
            out.say("http-response", &[raw(answer(code, &format!("if {{ status {code} }}")))]);
        }
        if replaced.len() < plan.policy.errors.replace.len() {
            out.note("error answers under a status that no standard names are not replaced");
        }
    }
    out.gap();
    out.comment("Security headers, on every answer, those of HAProxy as well (`http-after-response`).");
    for sent in &plan.headers {
        let name = &sent.name;
        let mut say = |how: &str, condition: String| {
            out.say("http-after-response", &[raw(format!("{how} {name}")), text(value(sent)), raw(condition)]);
        };
        match (&sent.when, &sent.app) {
            (On::Private, _) => private(sent, out),
            (On::Paths(paths), _) => {
                let condition: Vec<_> = paths.iter().filter_map(|path| (SYNTAX.quote)(path)).collect();
                say("set-header", format!("if {{ var(txn.path) -m str {} }}", condition.join(" ")));
            }
            (_, App::Beside) => say("add-header", String::new()),
            (_, App::Stands) => say("set-header", format!("unless {{ res.hdr({name}) -m found }}")),
            (when, App::YieldsUnless(words)) => {
                let mut unless = Vec::new();
                if !words.is_empty() {
                    unless.push(format!("{{ res.hdr({name}) -m str -i {} }}", words.join(" ")));
                }
                if *when == On::Uninvited {
                    unless.push("{ res.hdr(access-control-allow-origin) -m found }".to_owned());
                }
                let condition =
                    if unless.is_empty() { String::new() } else { format!("unless {}", unless.join(" or ")) };
                say("set-header", condition);
            }
        }
    }
    out.gap();
}

/// Answers that belong to one visitor, where the app does not say how they are cached.
fn private(sent: &Sent, out: &mut Written) {
    out.comment("An answer that sets a cookie, or follows from a login, is nobody else's.");
    for name in ["cache-control", "expires", "pragma"] {
        out.say("acl", &[raw(format!("says_caching res.hdr({name}) -m found"))]);
    }
    for name in ["etag", "last-modified"] {
        out.say("acl", &[raw(format!("validator res.hdr({name}) -m found"))]);
    }
    out.say("acl", &[raw("page res.hdr(content-type) -m beg -i text/html application/xhtml")]);
    for condition in [
        "{ res.hdr(set-cookie) -m found }",
        "{ var(txn.session) -m bool } !validator",
        "{ var(txn.session) -m bool } page",
    ] {
        let condition = format!("if !says_caching {condition}");
        out.say("http-response", &[raw(format!("set-header {}", sent.name)), text(value(sent)), raw(condition)]);
    }
    out.note("a shared cache is let keep an answer with a cookie, where the app says so");
}

fn cookies(plan: &Plan<'_>, out: &mut Written) {
    let cookies = &plan.policy.cookies;
    let edits = patterns::cookie_edits(cookies);
    if edits.is_empty() {
        return;
    }
    out.gap();
    out.comment("Cookies: those that hold a login are kept from scripts and from other sites' requests. These need a");
    out.comment("HAProxy with PCRE, as Debian's is.");
    let except = patterns::not_excepted(cookies);
    for (names, attribute, added) in edits {
        let regex = format!("^({except}(?:{names})=(?!(?i:.*; *{attribute}(?:=|;|$))).*)$");
        out.say("http-response", &[raw("replace-header Set-Cookie"), text(regex), text(format!("\\1; {added}"))]);
    }
}

fn backend(plan: &Plan<'_>, out: &mut Written) {
    let upstream = &plan.site.upstream;
    out.gap();
    out.comment("The app.");
    out.open("backend", &[raw(plan.identifier())], "");
    out.say("mode", &[raw("http")]);
    out.say("balance", &[raw(if upstream.balance == Balance::LeastRequests { "leastconn" } else { "roundrobin" })]);
    out.say("timeout connect", &[raw(seconds(upstream.connect_timeout))]);
    // Without one HAProxy waits as long as the operator of an app that answers slowly wants.
    out.say("timeout server", &[raw(upstream.response_timeout.map_or_else(|| "1d".to_owned(), seconds))]);
    out.say("timeout tunnel", &[raw("1h")]);
    out.say("retries", &[raw(upstream.retries.to_string())]);
    let mut checks = String::new();
    if let Some(health) = &upstream.health {
        out.say("option httpchk GET", &[text(health.path.clone())]);
        out.say("timeout check", &[raw(seconds(health.timeout))]);
        checks = format!(" check inter {}", seconds(health.interval));
    }
    for (number, address) in upstream.addresses.iter().enumerate() {
        let (place, is_encrypted) = match address {
            UpstreamAddress::Tcp { host, port, tls } => (format!("{}:{port}", written(host)), *tls),
            UpstreamAddress::Unix(path) => (format!("unix@{}", path.display()), false),
        };
        let mut args = vec![raw(format!("app{}", number + 1)), text(place), raw(checks.trim_start())];
        let is_second = upstream.protocol == UpstreamProtocol::Http2;
        if is_encrypted {
            args.push(raw("ssl ssl-min-ver TLSv1.2"));
            encrypted(plan, address, &mut args);
            args.push(raw(if is_second { "alpn h2" } else { "" }));
        } else if is_second {
            args.push(raw("proto h2"));
        }
        args.retain(|arg| *arg != raw(""));
        out.say("server", &args);
    }
    out.close("");
}

fn encrypted(plan: &Plan<'_>, address: &UpstreamAddress, args: &mut Vec<super::written::Arg>) {
    let tls = &plan.site.upstream.tls;
    let own = match address {
        UpstreamAddress::Tcp { host, .. } => host.clone(),
        UpstreamAddress::Unix(_) => String::new(),
    };
    let name = tls.server_name.clone().unwrap_or(own);
    if tls.dangerous_skip_verification {
        args.push(raw("verify none"));
    } else {
        let authorities = tls.authorities.as_ref().map(|path| path.display().to_string());
        args.push(raw("verify required ca-file"));
        args.push(text(authorities.unwrap_or_else(|| "/etc/ssl/certs/ca-certificates.crt".to_owned())));
        args.push(raw("verifyhost"));
        args.push(text(name.clone()));
    }
    // A sample has a grammar of its own within the quotes.
    if name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')) {
        args.push(raw(format!("sni str({name})")));
    }
}
