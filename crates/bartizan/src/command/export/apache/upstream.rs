//! The app: who asks, as it may believe it, and where it is.

use bartizan_proxy::config::{UpstreamAddress, UpstreamProtocol};
use bartizan_proxy::stages::request::IDENTITY_NAMES;
use http::HeaderName;

use super::super::patterns;
use super::super::plan::{Plan, written};
use super::super::sent::title;
use super::super::written::{Written, raw, text};

pub(super) fn proxy(plan: &Plan<'_>, out: &mut Written) {
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

pub(super) fn place(address: &UpstreamAddress) -> String {
    match address {
        UpstreamAddress::Tcp { host, port, tls } => {
            format!("{}://{}:{port}", if *tls { "https" } else { "http" }, written(host))
        }
        UpstreamAddress::Unix(path) => format!("unix:{}|http://localhost", path.display()),
    }
}
