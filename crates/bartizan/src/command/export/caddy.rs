//! Caddy: a Caddyfile. Everything stands in one `route`, so that it runs in the order in which it is written.

use std::time::Duration;

use bartizan_headers::HostPattern;
use bartizan_proxy::config::{
    Balance, Certificate, CsrfMode, EncodedSlashes, ProxyProtocol, ResourceIsolation, TlsVersion, UnknownHost,
    UpstreamAddress, UpstreamProtocol,
};
use bartizan_proxy::stages::request::{IDENTITY_NAMES, IDENTITY_STARTS, security_txt};
use http::HeaderName;
use http::header::X_CONTENT_TYPE_OPTIONS;

use super::patterns::{self, Match, Methods};
use super::plan::{Plan, name, written};
use super::routes::{Access, Check, Route};
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
    headers(plan, out);
    refusals(plan, out);
    proxy(plan, out);
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

fn headers(plan: &Plan<'_>, out: &mut Written) {
    out.comment("Security headers, on every answer, and after the app's (`defer`); what tells of software is removed.");
    let paths = |out: &mut Written, sent: &Sent, paths: &[String]| {
        let name = matcher(&sent.name);
        let paths: Vec<_> = paths.iter().filter_map(|path| (SYNTAX.quote)(path)).collect();
        out.say(&name, &[raw("path"), raw(paths.join(" "))]);
        out.open("header", &[raw(name)], " {");
        out.say(&sent.name, &[text(sent.value.clone())]);
        out.say("defer", &[]);
        out.close("}");
    };
    out.open("header", &[], " {");
    for name in &plan.policy.strip {
        out.say(&format!("-{}", title(name)), &[]);
    }
    for sent in plan.headers.iter().filter(|sent| matches!(sent.when, On::All | On::Uninvited)) {
        match &sent.app {
            App::Beside => out.say(&format!("+{}", sent.name), &[text(sent.value.clone())]),
            App::YieldsUnless(_) => out.say(&sent.name, &[text(sent.value.clone())]),
            App::Stands => {}
        }
    }
    out.say("defer", &[]);
    out.close("}");
    for sent in plan.headers.iter().filter(|sent| sent.app == App::Stands && sent.when == On::All) {
        out.say("header", &[raw(format!("?{}", sent.name)), text(sent.value.clone())]);
    }
    for sent in &plan.headers {
        match &sent.when {
            On::Paths(all) => paths(out, sent, all),
            On::Private => {
                out.comment("What follows from a login is nobody else's, where the app does not say how it is cached.");
                out.say(
                    "@session",
                    &[raw("header_regexp session Cookie"), text(patterns::session_cookie(&plan.policy.cookies))],
                );
                out.say("header", &[raw(format!("@session ?{}", sent.name)), text(sent.value.clone())]);
            }
            On::All | On::Uninvited => {}
        }
    }
}

fn matcher(name: &str) -> String {
    format!("@{}", name.to_ascii_lowercase().replace('-', "_"))
}

fn refusals(plan: &Plan<'_>, out: &mut Written) {
    out.gap();
    if let Some(body) = plan.policy.body {
        out.open("request_body", &[], " {");
        out.say("max_size", &[raw(body.to_string())]);
        out.close("}");
    }
    out.comment("Methods, and those that a request asks the app to act on instead of its own.");
    match patterns::methods(plan) {
        Methods::AllBut(never) => {
            out.say("@method", &[raw(format!("method {}", never.join(" ")))]);
            out.say("respond", &[raw("@method 405")]);
            for (number, name) in patterns::overrides().iter().enumerate() {
                let matcher = format!("@override{number}");
                let regex = format!("(?i)^(?:{})$", never.join("|"));
                out.say(&matcher, &[raw(format!("header_regexp override{number} {name}")), text(regex)]);
                out.say("respond", &[raw(format!("{matcher} 405"))]);
            }
        }
        Methods::Only(names) => {
            out.open("@method", &[], " {");
            out.say("not method", &[raw(names.join(" "))]);
            out.close("}");
            out.say("respond", &[raw("@method 405")]);
            for (number, name) in patterns::overrides().iter().enumerate() {
                let matcher = format!("@override{number}");
                out.open(&matcher, &[], " {");
                out.say("header", &[raw(format!("{name} *"))]);
                let regex = format!("^(?:{})$", names.join("|"));
                out.say(&format!("not header_regexp override{number} {name}"), &[text(regex)]);
                out.close("}");
                out.say("respond", &[raw(format!("{matcher} 405"))]);
            }
        }
    }
    out.comment("Paths that climb once an app has decoded them, past every rule for paths.");
    let expression = |regex: &str| format!("{{http.request.orig_uri}}.matches('{}')", regex.replace('\'', "[']"));
    out.say("@climbs", &[raw("expression"), raw(format!("`{}`", expression(patterns::CLIMBS)))]);
    out.say("respond", &[raw("@climbs 400")]);
    if plan.site.encoded_slashes == EncodedSlashes::Refuse {
        out.say("@slash", &[raw("expression"), raw(format!("`{}`", expression(patterns::ENCODED_SLASH)))]);
        out.say("respond", &[raw("@slash 400")]);
    }
    routes(plan, out);
    if plan.policy.csrf.mode != CsrfMode::DangerousOff {
        forged(plan, out);
    }
    if plan.policy.isolation == ResourceIsolation::On {
        out.comment("Other sites may link here, and load nothing.");
        out.open("@foreign", &[], " {");
        out.say("header", &[raw("Sec-Fetch-Site *")]);
        unless_skipped(plan, |route| route.isolation, out);
        for near in ["same-origin", "same-site", "none"] {
            out.say("not header Sec-Fetch-Site", &[raw(near)]);
        }
        origins("not ", &patterns::trusted_origins(plan), "trusted_load", out);
        out.open("not", &[], " {");
        out.say("method GET HEAD", &[]);
        out.say("header Sec-Fetch-Mode navigate", &[]);
        out.say("not header Sec-Fetch-Dest embed", &[]);
        out.say("not header Sec-Fetch-Dest object", &[]);
        out.close("}");
        out.close("}");
        out.say("respond", &[raw("@foreign 403")]);
    }
}

/// Refuses what is denied.
fn routes(plan: &Plan<'_>, out: &mut Written) {
    let denied = plan.routes.iter().enumerate().filter(|(_, route)| route.access == Access::Denied);
    for (place, route) in denied {
        out.comment("Nothing is let through there, but on longer paths with rules of their own.");
        out.open(&format!("@{}", route.id), &[], " {");
        matched(plan, place, out);
        out.close("}");
        out.say("respond", &[raw(format!("@{} 403", route.id))]);
    }
}

/// Writes that a request is on a route, and on no longer one that fits.
fn matched(plan: &Plan<'_>, place: usize, out: &mut Written) {
    for (number, route) in plan.routes.iter().enumerate().take(place + 1) {
        let not = if number == place { "" } else { "not " };
        out.say(&format!("{not}path_regexp {}", route.id), &[text(route.pattern.clone())]);
    }
}

fn unless_skipped(plan: &Plan<'_>, check: impl Fn(&Route) -> Check, out: &mut Written) {
    let skipped = plan.routes.iter().enumerate().filter(|(_, route)| check(route) == Check::Skipped);
    for (place, _) in skipped {
        out.open("not", &[], " {");
        matched(plan, place, out);
        out.close("}");
    }
}

fn origins(not: &str, origins: &[Match], name: &str, out: &mut Written) {
    if !origins.is_empty() {
        out.say(&format!("{not}header_regexp {name} Origin"), &[text(patterns::any(origins))]);
    }
}

fn forged(plan: &Plan<'_>, out: &mut Written) {
    out.comment("No other site acts in a visitor's name (cross-site request forgery); each `not` is a way to pass.");
    out.open("@forged", &[], " {");
    unless_skipped(plan, |route| route.csrf, out);
    out.open("not", &[], " {");
    out.say("method GET HEAD OPTIONS", &[]);
    out.say("header !Upgrade", &[]);
    for name in patterns::overrides() {
        out.say(&format!("header !{name}"), &[]);
    }
    out.close("}");
    out.comment("Credentials that no browser adds by itself.");
    out.open("not", &[], " {");
    out.say("header_regexp credentials Authorization", &[text(patterns::CREDENTIALS)]);
    out.say("not header_regexp ambient Authorization", &[text(format!("(?i){}", patterns::ambient()))]);
    out.close("}");
    origins("not ", &patterns::trusted_origins(plan), "trusted", out);
    for own in ["same-origin", "none"] {
        out.say("not header Sec-Fetch-Site", &[raw(own)]);
    }
    out.comment("An older browser.");
    out.open("not", &[], " {");
    out.say("header !Sec-Fetch-Site", &[]);
    origins("", &patterns::own_origins(plan), "own", out);
    out.close("}");
    out.comment("A program says neither.");
    out.open("not", &[], " {");
    out.say("header !Sec-Fetch-Site", &[]);
    out.say("header !Origin", &[]);
    if plan.policy.csrf.mode == CsrfMode::Strict {
        out.say("header !Authorization", &[]);
        out.say("not header_regexp login Cookie", &[text(patterns::session_cookie(&plan.policy.cookies))]);
    }
    out.close("}");
    out.close("}");
    out.say("respond", &[raw("@forged 403")]);
}

fn proxy(plan: &Plan<'_>, out: &mut Written) {
    let upstream = &plan.site.upstream;
    if let Some(security) = &plan.site.security_txt {
        if security.file.is_some() {
            out.note("security.txt from a file: serve it with `file_server`");
        } else {
            out.gap();
            out.comment("Where to report a weakness (RFC 9116).");
            out.open("handle", &[raw("/.well-known/security.txt")], " {");
            out.say("header", &[raw("Content-Type"), text("text/plain; charset=utf-8")]);
            // A text in backquotes may hold line ends, but nothing protects a backquote in it.
            let body = security_txt::write(security);
            if body.contains('`') || body.contains("{$") {
                out.note("security.txt: there is no way to write a backquote there");
            } else {
                out.say("respond", &[raw(format!("`{}`", body.trim_end()))]);
            }
            out.close("}");
        }
    }
    out.gap();
    out.comment("Who asks, as the app may believe it: what clients say of themselves is removed first.");
    for start in IDENTITY_STARTS.iter().filter(|start| **start != "x-forwarded") {
        out.say("request_header", &[raw(format!("-{}*", title_of(start)))]);
    }
    for name in IDENTITY_NAMES {
        out.say("request_header", &[raw(format!("-{}", title(&HeaderName::from_static(name))))]);
    }
    // The three that Caddy writes itself it takes from nobody but trusted proxies.
    let own = ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"];
    for name in patterns::FORWARDED.iter().filter(|name| !own.contains(name)) {
        out.say("request_header", &[raw(format!("-{}", title(&HeaderName::from_static(name))))]);
    }
    out.note("headers whose names have underscores reach the app as they are");
    out.gap();
    out.comment("The app.");
    let places: Vec<_> = upstream.addresses.iter().map(place).collect();
    out.open("reverse_proxy", &places.into_iter().map(text).collect::<Vec<_>>(), " {");
    for (name, value) in [
        ("X-Real-IP", "{remote_host}".to_owned()),
        ("X-Forwarded-Port", plan.port().to_string()),
        ("X-Request-ID", "{http.request.uuid}".to_owned()),
    ] {
        out.say("header_up", &[raw(name), raw(value)]);
    }
    out.note("`Forwarded` (RFC 7239) is removed and not written: X-Forwarded-* tell the app the same");
    cookies(plan, out);
    if upstream.addresses.len() > 1 {
        let policy = if upstream.balance == Balance::LeastRequests { "least_conn" } else { "round_robin" };
        out.say("lb_policy", &[raw(policy)]);
        out.say("max_fails", &[raw(upstream.max_fails.to_string())]);
        out.say("fail_duration", &[raw(seconds(upstream.fail_timeout))]);
    }
    if let Some(health) = &upstream.health {
        out.say("health_uri", &[text(health.path.clone())]);
        out.say("health_interval", &[raw(seconds(health.interval))]);
        out.say("health_timeout", &[raw(seconds(health.timeout))]);
    }
    transport(plan, out);
    errors(plan, out);
    private(plan, out);
    out.close("}");
}

fn title_of(start: &str) -> String {
    HeaderName::from_bytes(start.as_bytes()).map_or_else(|_| start.to_owned(), |name| title(&name))
}

fn place(address: &UpstreamAddress) -> String {
    match address {
        UpstreamAddress::Tcp { host, port, tls } => {
            format!("{}://{}:{port}", if *tls { "https" } else { "http" }, written(host))
        }
        UpstreamAddress::Unix(path) => format!("unix/{}", path.display()),
    }
}

/// Attributes are put before the app's own: browsers act on the last of a kind (RFC 6265bis, 5.7), so the app's stands.
fn cookies(plan: &Plan<'_>, out: &mut Written) {
    let edits = patterns::cookie_edits(&plan.policy.cookies);
    if edits.is_empty() {
        return;
    }
    out.comment("Cookies: those that hold a login are kept from scripts and from other sites' requests.");
    for (names, _, added) in edits {
        let regex = format!("^((?:{names})=[^;]*)");
        out.say("header_down", &[raw("Set-Cookie"), text(regex), text(format!("$1; {added}"))]);
    }
}

fn transport(plan: &Plan<'_>, out: &mut Written) {
    let upstream = &plan.site.upstream;
    let is_encrypted =
        upstream.addresses.iter().any(|address| matches!(address, UpstreamAddress::Tcp { tls: true, .. }));
    out.open("transport", &[raw("http")], " {");
    out.say("dial_timeout", &[raw(seconds(upstream.connect_timeout))]);
    if let Some(time) = upstream.response_timeout {
        out.say("response_header_timeout", &[raw(seconds(time))]);
    }
    out.say("keepalive", &[raw(seconds(upstream.idle_timeout))]);
    out.say("keepalive_idle_conns_per_host", &[raw(upstream.idle_connections.to_string())]);
    if upstream.protocol == UpstreamProtocol::Http2 {
        out.say("versions", &[raw(if is_encrypted { "2" } else { "h2c 2" })]);
    }
    if is_encrypted {
        let tls = &upstream.tls;
        if tls.dangerous_skip_verification {
            out.say("tls_insecure_skip_verify", &[]);
        }
        if let Some(path) = &tls.authorities {
            out.say("tls_trusted_ca_certs", &[text(path.display().to_string())]);
        }
        if let Some(name) = &tls.server_name {
            out.say("tls_server_name", &[text(name.clone())]);
        }
    }
    out.close("}");
}

fn errors(plan: &Plan<'_>, out: &mut Written) {
    let statuses = &plan.policy.errors.replace;
    if statuses.is_empty() {
        return;
    }
    out.comment("What an error page of the app says is meant for its operator.");
    let codes: Vec<_> = statuses.iter().map(|status| status.as_str()).collect();
    let is_all = statuses.len() == 100 && statuses.iter().all(|status| status.is_server_error());
    out.say("@failed", &[raw("status"), raw(if is_all { "5xx".to_owned() } else { codes.join(" ") })]);
    out.open("handle_response", &[raw("@failed")], " {");
    out.say("header", &[raw("Content-Type text/plain")]);
    out.say("respond", &[raw("\"{rp.status_code} {rp.status_text}\" {rp.status_code}")]);
    out.close("}");
}

/// An answer that sets a cookie is nobody else's, where the app does not say how it is cached.
fn private(plan: &Plan<'_>, out: &mut Written) {
    for sent in plan.headers.iter().filter(|sent| sent.when == On::Private) {
        out.comment("An answer that sets a cookie is nobody else's, where the app does not say how it is cached.");
        out.say("@cookie", &[raw("header Set-Cookie *")]);
        out.open("handle_response", &[raw("@cookie")], " {");
        out.say("header", &[raw(format!("?{}", sent.name)), text(sent.value.clone())]);
        out.say("copy_response", &[]);
        out.close("}");
    }
}
