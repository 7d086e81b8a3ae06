//! The app: who asks, as it may believe it, and where it is.

use bartizan_proxy::config::{Balance, UpstreamAddress, UpstreamProtocol};
use bartizan_proxy::stages::request::{IDENTITY_NAMES, IDENTITY_STARTS, security_txt};

use super::super::plan::{Plan, written};
use super::super::written::{Arg, Written, raw, text};

pub(super) fn identity(plan: &Plan<'_>, out: &mut Written) {
    if let Some(security) = &plan.site.security_txt {
        if security.file.is_some() {
            out.note("security.txt from a file: `http-request return … file`");
        } else {
            let lines = security_txt::write(security);
            let quoted: Vec<_> = lines.lines().filter_map(super::SYNTAX.quote).collect();
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

pub(super) fn backend(plan: &Plan<'_>, out: &mut Written) {
    let upstream = &plan.site.upstream;
    out.gap();
    out.comment("The app.");
    out.open("backend", &[raw(plan.identifier())], "");
    out.say("mode", &[raw("http")]);
    out.say("balance", &[raw(if upstream.balance == Balance::LeastRequests { "leastconn" } else { "roundrobin" })]);
    out.say("timeout connect", &[raw(super::seconds(upstream.connect_timeout))]);
    // Without one HAProxy waits as long as the operator of an app that answers slowly wants.
    out.say("timeout server", &[raw(upstream.response_timeout.map_or_else(|| "1d".to_owned(), super::seconds))]);
    out.say("timeout tunnel", &[raw("1h")]);
    out.say("retries", &[raw(upstream.retries.to_string())]);
    let mut checks = String::new();
    if let Some(health) = &upstream.health {
        out.say("option httpchk GET", &[text(health.path.clone())]);
        out.say("timeout check", &[raw(super::seconds(health.timeout))]);
        checks = format!(" check inter {}", super::seconds(health.interval));
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

pub(super) fn encrypted(plan: &Plan<'_>, address: &UpstreamAddress, args: &mut Vec<Arg>) {
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
