//! The app: who asks, as it may believe it, where it is, and what becomes of its answers.

use bartizan_proxy::config::{Balance, UpstreamAddress, UpstreamProtocol};
use bartizan_proxy::stages::request::{IDENTITY_NAMES, IDENTITY_STARTS, security_txt};
use http::HeaderName;

use super::super::patterns;
use super::super::plan::{Plan, written};
use super::super::sent::{On, title};
use super::super::written::{Written, raw, text};

pub(super) fn proxy(plan: &Plan<'_>, out: &mut Written) {
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
        out.say("fail_duration", &[raw(super::seconds(upstream.fail_timeout))]);
    }
    if let Some(health) = &upstream.health {
        out.say("health_uri", &[text(health.path.clone())]);
        out.say("health_interval", &[raw(super::seconds(health.interval))]);
        out.say("health_timeout", &[raw(super::seconds(health.timeout))]);
    }
    transport(plan, out);
    errors(plan, out);
    private(plan, out);
    out.close("}");
}

pub(super) fn title_of(start: &str) -> String {
    HeaderName::from_bytes(start.as_bytes()).map_or_else(|_| start.to_owned(), |name| title(&name))
}

pub(super) fn place(address: &UpstreamAddress) -> String {
    match address {
        UpstreamAddress::Tcp { host, port, tls } => {
            format!("{}://{}:{port}", if *tls { "https" } else { "http" }, written(host))
        }
        UpstreamAddress::Unix(path) => format!("unix/{}", path.display()),
    }
}

/// Attributes are put before the app's own: browsers act on the last of a kind (RFC 6265bis, 5.7), so the app's stands.
pub(super) fn cookies(plan: &Plan<'_>, out: &mut Written) {
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

pub(super) fn transport(plan: &Plan<'_>, out: &mut Written) {
    let upstream = &plan.site.upstream;
    let is_encrypted =
        upstream.addresses.iter().any(|address| matches!(address, UpstreamAddress::Tcp { tls: true, .. }));
    out.open("transport", &[raw("http")], " {");
    out.say("dial_timeout", &[raw(super::seconds(upstream.connect_timeout))]);
    if let Some(time) = upstream.response_timeout {
        out.say("response_header_timeout", &[raw(super::seconds(time))]);
    }
    out.say("keepalive", &[raw(super::seconds(upstream.idle_timeout))]);
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

pub(super) fn errors(plan: &Plan<'_>, out: &mut Written) {
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
pub(super) fn private(plan: &Plan<'_>, out: &mut Written) {
    for sent in plan.headers.iter().filter(|sent| sent.when == On::Private) {
        out.comment("An answer that sets a cookie is nobody else's, where the app does not say how it is cached.");
        out.say("@cookie", &[raw("header Set-Cookie *")]);
        out.open("handle_response", &[raw("@cookie")], " {");
        out.say("header", &[raw(format!("?{}", sent.name)), text(sent.value.clone())]);
        out.say("copy_response", &[]);
        out.close("}");
    }
}
