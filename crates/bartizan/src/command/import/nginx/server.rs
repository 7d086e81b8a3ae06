//! What holds for a whole server of nginx: certificates, TLS, headers, limits, error pages.

use bartizan_rules::facts::blocks::At;

use super::super::headers::Sent;
use super::super::plan::{Plan, Site, list};
use super::super::servers::Server;
use super::super::tls;
use super::super::values::{bytes, rate, size, time};
use super::words;

/// Fills in what the server's own directives say; those of `http` hold where it says nothing.
pub(super) fn site(server: At<'_>, is_tls: bool, site: &mut Site, plan: &mut Plan) {
    for child in server.children() {
        if child.is("return") && !super::location::refuses(server) {
            plan.lose(child, "every request goes to the app");
        }
        words::lose(child, plan);
    }
    if is_tls {
        certificate(server, site, plan);
        tls(server, site, plan);
    }
    site.headers = headers(server, plan);
    body(server, &mut site.keys, plan);
    requests(server, &mut site.keys, plan);
    hidden(server, site);
    cookies(server, site, plan);
    errors(server, site, plan);
}

fn certificate(server: At<'_>, site: &mut Site, plan: &mut Plan) {
    let chain = server.effective("ssl_certificate").and_then(|node| node.arg(0));
    let key = server.effective("ssl_certificate_key").and_then(|node| node.arg(0));
    let (Some(chain), Some(key)) = (chain, key) else { return };
    if [chain, key].iter().any(|word| word.contains('$') || word.starts_with("data:") || word.starts_with("engine:")) {
        return plan.lost.push(format!("{}: the certificate is not a file", super::super::plan::place(server)));
    }
    if server.each("ssl_certificate").count() > 1 {
        plan.lost.push(format!("{}: a site has one certificate; the last is taken", super::super::plan::place(server)));
    }
    let ocsp = server.effective("ssl_stapling_file").and_then(|node| node.arg(0));
    site.keys.raw("certificate", tls::certificate(chain, key, ocsp));
}

fn tls(server: At<'_>, site: &mut Site, plan: &mut Plan) {
    if let Some(node) = server.effective("ssl_protocols") {
        let named: Vec<_> = node.args().collect();
        if let Some(lost) = tls::versions(&named, &mut site.tls) {
            plan.lose(node, &lost);
        }
    }
    if let Some(node) = server.effective("ssl_ciphers")
        && let Some(lost) = tls::suites(node.arg(0).unwrap_or_default(), &mut site.tls)
    {
        plan.lose(node, &lost);
    }
    if let Some(node) = server.effective("ssl_ecdh_curve")
        && let Some(lost) = tls::groups(node.arg(0).unwrap_or_default(), &mut site.tls)
    {
        plan.lose(node, &lost);
    }
    if server.effective("ssl_session_tickets").is_some_and(|node| node.says("off")) {
        site.tls.text("tickets", "off");
    }
    let authorities = server.effective("ssl_client_certificate").and_then(|node| node.arg(0));
    let verify = server.effective("ssl_verify_client");
    match (verify.and_then(|node| node.arg(0)), authorities) {
        (Some(word @ ("on" | "optional")), Some(authorities)) => {
            site.tls.raw("client_certificates", tls::client_certificates(authorities, word == "on"));
        }
        (None | Some("off"), _) => {}
        _ => drop(verify.map(|node| plan.lose(node, "needs authorities here, and asks nobody else"))),
    }
}

/// Returns the fields that are in force: those of the nearest block that has any.
pub(super) fn headers(scope: At<'_>, plan: &mut Plan) -> Vec<Sent> {
    let is_set = |node: &At<'_>| matches!(node.name(), "add_header" | "more_set_headers");
    let own = scope.scopes().find(|scope| scope.children().any(|child| child.is("add_header")));
    let mut sent = Vec::new();
    let nodes = own.into_iter().flat_map(At::children).filter(|node| node.is("add_header"));
    let more = scope.scopes().flat_map(At::children).filter(|node| is_set(node) && !node.is("add_header"));
    for node in nodes.chain(more) {
        let pair = match node.name() {
            "add_header" => node.arg(0).zip(node.arg(1)),
            _ => node.args().find_map(|arg| arg.split_once(':')).map(|(name, value)| (name.trim(), value.trim())),
        };
        let Some((name, value)) = pair else { continue };
        if value.is_empty() {
            continue;
        }
        if value.contains('$') {
            plan.lose(node, "the value is made of variables");
        } else {
            sent.push(Sent { name: name.to_owned(), value: value.to_owned() });
        }
    }
    sent
}

/// The size of bodies; nginx's own limit is 1 MiB where none is written.
pub(super) fn body(scope: At<'_>, keys: &mut super::super::plan::Table, plan: &mut Plan) {
    match scope.effective("client_max_body_size") {
        None => keys.text("body", "1MiB"),
        Some(node) => match node.arg(0).and_then(size) {
            Some(size) => keys.text("body", &size),
            None => plan.lose(node, "is not a size"),
        },
    }
}

/// The rate of each client's requests, from the zone that is in force.
pub(super) fn requests(scope: At<'_>, keys: &mut super::super::plan::Table, plan: &mut Plan) {
    let Some(holder) = scope.scopes().find(|scope| scope.each("limit_req").next().is_some()) else { return };
    let limits: Vec<_> = holder.each("limit_req").collect();
    for (number, limit) in limits.iter().enumerate() {
        let value = |start: &str| limit.args().find_map(|arg| arg.strip_prefix(start).map(str::to_owned));
        let zone = value("zone=").and_then(|name| zone(*limit, &name));
        let Some(rate) = zone.filter(|_| number == 0) else {
            plan.lose(*limit, "one rate, of one address, can be said for a path");
            continue;
        };
        let burst = value("burst=").and_then(|burst| burst.parse::<u32>().ok());
        keys.text("requests_per_client", &burst.map_or(rate.clone(), |burst| format!("{rate} burst {burst}")));
    }
}

fn zone(limit: At<'_>, name: &str) -> Option<String> {
    let zones = limit.parents().flat_map(|scope| scope.each("limit_req_zone"));
    let mut named = zones.filter(|zone| {
        zone.args().any(|arg| arg.strip_prefix("zone=").is_some_and(|zone| zone.split(':').next() == Some(name)))
    });
    let zone = named.find(|zone| matches!(zone.arg(0), Some("$binary_remote_addr" | "$remote_addr")))?;
    zone.args().find_map(|arg| arg.strip_prefix("rate=")).and_then(rate)
}

/// Headers of the app that nginx hides; three it hides unasked.
fn hidden(server: At<'_>, site: &mut Site) {
    let scope = server.descendants().into_iter().chain(server.scopes());
    let mut names: Vec<String> = Vec::new();
    for node in scope.filter(|node| node.is("proxy_hide_header")) {
        let name = node.arg(0).unwrap_or_default().to_ascii_lowercase();
        if !name.is_empty() && !names.contains(&name) {
            names.push(name);
        }
    }
    names.sort_unstable();
    // nginx puts its own name in the place of the app's.
    if !names.iter().any(|name| name == "server") {
        names.push("server".to_owned());
    }
    site.keys.raw("strip", list(&names));
}

fn cookies(server: At<'_>, site: &mut Site, plan: &mut Plan) {
    let all = server.scopes().flat_map(At::children).chain(server.descendants());
    let mut names = Vec::new();
    for node in all {
        let flags: Vec<String> = match node.name() {
            "proxy_cookie_flags" => node.args().skip(1).map(str::to_ascii_lowercase).collect(),
            // The older way: the attribute that follows the path brings others along.
            "proxy_cookie_path" => {
                let to = node.arg(1).unwrap_or_default();
                let flags = to.split(';').skip(1).map(|flag| flag.trim().to_ascii_lowercase());
                if node.arg(0) != to.split(';').next().map(str::trim) {
                    plan.lose(node, "the path of cookies is not changed here");
                }
                flags.collect()
            }
            _ => continue,
        };
        for flag in flags {
            match &*flag {
                "secure" => site.cookies.raw("secure", "true"),
                "httponly" => site.cookies.raw("http_only", "true"),
                "samesite=lax" => site.cookies.text("same_site", "lax"),
                "samesite=strict" => site.cookies.text("same_site", "strict"),
                "samesite=none" => site.cookies.text("same_site", "none"),
                "" => {}
                _ => plan.lose(node, "this flag of cookies has no key"),
            }
        }
        if node.is("proxy_cookie_flags") {
            match node.arg(0) {
                Some(name) if !name.contains(['~', '$']) => names.push(name.to_owned()),
                _ => plan.lose(node, "HttpOnly and SameSite are given to cookies of sessions alone"),
            }
        }
    }
    if !names.is_empty() {
        site.cookies.raw("session_names", list(&names));
    }
}

fn errors(server: At<'_>, site: &mut Site, plan: &mut Plan) {
    let Some(holder) = server.scopes().find(|scope| scope.each("error_page").next().is_some()) else { return };
    let is_intercepted = |at: At<'_>| at.effective("proxy_intercept_errors").is_some_and(|node| node.says("on"));
    let is_replaced = is_intercepted(server) || server.each("location").any(is_intercepted);
    let (mut files, mut replaced) = (Vec::new(), Vec::new());
    for node in holder.each("error_page") {
        let words: Vec<_> = node.args().collect();
        let Some((uri, codes)) = words.split_last() else { continue };
        let location = server.each("location").find(|one| one.args().next_back() == Some(*uri));
        let root = location.unwrap_or(server).effective("root").and_then(|root| root.arg(0));
        let (Some(root), true) = (root, uri.starts_with('/') && !codes.iter().any(|code| code.starts_with('='))) else {
            plan.lose(node, "an error page is a file here");
            continue;
        };
        for code in codes.iter().filter(|code| code.parse::<u16>().is_ok_and(|code| (400..600).contains(&code))) {
            files.push(format!(
                "{code} = {}",
                super::super::written::quoted(&format!("{}{uri}", root.trim_end_matches('/')))
            ));
            replaced.push((*code).to_owned());
        }
    }
    if !files.is_empty() {
        site.errors.raw("files", format!("{{ {} }}", files.join(", ")));
    }
    if is_replaced {
        site.errors.list("replace", &replaced);
    }
}

/// What holds for the process is taken from `http`, and from the first server that says it.
pub(super) fn limits(found: &[Server<'_>], plan: &mut Plan) {
    let Some(first) = found.first() else { return };
    let said = |name: &'static str| found.iter().filter_map(|server| server.at.effective(name)).next();
    for (name, key) in [
        ("client_header_timeout", "header_timeout"),
        ("client_body_timeout", "body_timeout"),
        ("send_timeout", "write_timeout"),
        ("keepalive_timeout", "keep_alive"),
    ] {
        let Some(node) = said(name) else { continue };
        match node.arg(0).and_then(time) {
            Some(time) if time != "0s" => plan.limits.text(key, &time),
            _ => plan.lose(node, "is not a time that can be said here"),
        }
    }
    if let Some(node) = said("large_client_header_buffers") {
        let count = node.arg(0).and_then(|count| count.parse::<u64>().ok());
        match (count, node.arg(1).and_then(bytes)) {
            (Some(count), Some(size)) if size > 0 => {
                plan.limits.text("request_line", &format!("{size}B"));
                plan.limits.text("head", &format!("{}B", size.saturating_mul(count.max(1))));
            }
            _ => plan.lose(node, "is not a size"),
        }
    }
    if let Some(node) = said("limit_conn") {
        let mut zones = first.at.parents().flat_map(|scope| scope.each("limit_conn_zone"));
        let is_client = |zone: &At<'_>| matches!(zone.arg(0), Some("$binary_remote_addr" | "$remote_addr"));
        match node.arg(1).and_then(|count| count.parse::<u32>().ok()).filter(|_| zones.any(|zone| is_client(&zone))) {
            Some(count) => plan.limits.raw("connections_per_client", count.to_string()),
            None => plan.lose(node, "connections are counted by client here"),
        }
    }
    let mut trusted = Vec::new();
    let scopes = found.iter().flat_map(|server| server.at.scopes());
    for node in scopes.flat_map(|scope| scope.each("set_real_ip_from")) {
        match node.arg(0).filter(|network| crate::cli::word::<ipnet::IpNet>(network).is_ok()) {
            Some(network) if !trusted.iter().any(|known| known == network) => trusted.push(network.to_owned()),
            Some(_) => {}
            None => plan.lose(node, "is not a network"),
        }
    }
    if !trusted.is_empty() {
        plan.server.list("trusted_proxies", &trusted);
        if let Some(node) =
            said("real_ip_header").filter(|node| !node.says("x-forwarded-for") && !node.says("proxy_protocol"))
        {
            plan.lose(node, "the visitor's address is read from X-Forwarded-For and Forwarded");
        }
    }
}
