//! What holds for a whole virtual host: certificates, TLS, headers, limits, error pages.

use bartizan_rules::facts::blocks::At;

use super::super::plan::{Plan, Site, place};
use super::super::tls;
use super::super::values::time;
use super::super::written::quoted;
use super::{headers, words};

/// Fills in what the host's own directives say; those of the server hold where it says nothing.
pub(super) fn site(server: At<'_>, is_tls: bool, site: &mut Site, plan: &mut Plan) {
    for child in server.children() {
        words::lose(child, plan);
    }
    if is_tls {
        certificate(server, site, plan);
        tls(server, site, plan);
    }
    site.headers = headers::sent(server, plan);
    let sent = site.headers.clone();
    headers::strip_and_cookies(server, &sent, site, plan);
    let body = server.effective("limitrequestbody").and_then(|node| node.arg(0)?.parse::<u64>().ok());
    // Without a word the limit is 1 GiB (2.4.53 and later).
    site.keys.text(
        "body",
        &match body {
            None => "1GiB".to_owned(),
            Some(0) => "none".to_owned(),
            Some(bytes) => format!("{bytes}B"),
        },
    );
    errors(server, site, plan);
}

fn word<'a>(server: At<'a>, name: &'a str) -> Option<&'a str> {
    server.effective(name).and_then(|node| node.arg(0))
}

fn certificate(server: At<'_>, site: &mut Site, plan: &mut Plan) {
    let Some(chain) = word(server, "sslcertificatefile") else { return };
    // A file may hold both.
    let key = word(server, "sslcertificatekeyfile").unwrap_or(chain);
    site.keys.raw("certificate", tls::certificate(chain, key, None));
    if let Some(node) = server.effective("sslcertificatechainfile") {
        plan.lose(node, "the chain stands in one file here, the leaf first");
    }
    if server.each("sslcertificatefile").count() > 1 {
        plan.lost.push(format!("{}: a site has one certificate; the last is taken", place(server)));
    }
}

fn tls(server: At<'_>, site: &mut Site, plan: &mut Plan) {
    if let Some(node) = server.effective("sslprotocol") {
        let named = spoken(node);
        if let Some(lost) = tls::versions(&named, &mut site.tls) {
            plan.lose(node, &lost);
        }
    }
    let ciphers = server.scopes().find_map(|scope| scope.each("sslciphersuite").rfind(|node| node.words().len() == 1));
    if let Some(lost) = ciphers.and_then(|node| tls::suites(node.arg(0)?, &mut site.tls)) {
        ciphers.into_iter().for_each(|node| plan.lose(node, &lost));
    }
    if let Some(node) = server.scopes().find_map(|scope| scope.each("sslopensslconfcmd").next_back()) {
        let is_groups = node.says("curves") || node.says("groups");
        match node.arg(1).filter(|_| is_groups).map(|list| tls::groups(list, &mut site.tls)) {
            Some(Some(lost)) => plan.lose(node, &lost),
            Some(None) => {}
            None => plan.lose(node, "has no key here"),
        }
    }
    if word(server, "sslsessiontickets").is_some_and(|word| word.eq_ignore_ascii_case("off")) {
        site.tls.text("tickets", "off");
    }
    let Some(verify) = server.effective("sslverifyclient").filter(|node| !node.says("none")) else { return };
    match word(server, "sslcacertificatefile") {
        Some(authorities) if verify.says("require") || verify.says("optional") => {
            site.tls.raw("client_certificates", tls::client_certificates(authorities, verify.says("require")));
        }
        _ => plan.lose(verify, "needs a file of authorities here"),
    }
}

/// Returns the versions that a list with its signs comes to, from left to right.
fn spoken(node: At<'_>) -> Vec<&str> {
    let all = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
    let mut spoken: Vec<&str> = Vec::new();
    for word in node.args() {
        let name = word.trim_start_matches(['+', '-']);
        let named: Vec<&str> = if name.eq_ignore_ascii_case("all") {
            all.to_vec()
        } else {
            all.into_iter().filter(|known| known.eq_ignore_ascii_case(name)).collect()
        };
        if !word.starts_with(['+', '-']) {
            spoken.clear();
        }
        if word.starts_with('-') {
            spoken.retain(|known| !named.contains(known));
        } else {
            spoken.extend(named);
        }
    }
    // Only what was asked for by its name is told as lost.
    if node.args().any(|word| word.eq_ignore_ascii_case("all")) {
        spoken.retain(|known| known.ends_with('2') || known.ends_with('3'));
    }
    spoken
}

fn errors(server: At<'_>, site: &mut Site, plan: &mut Plan) {
    let mut files = Vec::new();
    let root = word(server, "documentroot");
    for node in server.scopes().flat_map(|scope| scope.each("errordocument")) {
        let status =
            node.arg(0).filter(|status| status.parse::<u16>().is_ok_and(|status| (400..600).contains(&status)));
        match (status, node.arg(1).filter(|path| path.starts_with('/')), root) {
            (Some(status), Some(path), Some(root)) => {
                files.push(format!("{status} = {}", quoted(&format!("{}{path}", root.trim_end_matches('/')))));
            }
            _ => plan.lose(node, "an error page is a file here"),
        }
    }
    if !files.is_empty() {
        site.errors.raw("files", format!("{{ {} }}", files.join(", ")));
    }
    if let Some(node) = server.effective("proxyerroroverride").filter(|node| node.says("on")) {
        let named: Vec<String> = node.args().skip(1).map(str::to_owned).collect();
        let all = vec!["4xx".to_owned(), "5xx".to_owned()];
        site.errors.list("replace", if named.is_empty() { &all } else { &named });
    }
}

/// What holds for the process.
pub(super) fn limits(root: At<'_>, plan: &mut Plan) {
    if let Some(node) = root.last("keepalivetimeout") {
        match node.arg(0).and_then(time).filter(|time| time != "0s") {
            Some(time) => plan.limits.text("keep_alive", &time),
            None => plan.lose(node, "is not a time that can be said here"),
        }
    }
    for node in root.each("requestreadtimeout") {
        for word in node.args() {
            read_timeout(node, word, plan);
        }
    }
    for (name, key) in [("limitrequestline", "request_line"), ("limitrequestfields", "headers")] {
        let Some(node) = root.last(name) else { continue };
        match node.arg(0).and_then(|number| number.parse::<u32>().ok()).filter(|number| *number > 0) {
            Some(number) => plan.limits.raw(key, number.to_string()),
            None => plan.lose(node, "a limit stays: the head of a request is small"),
        }
    }
    let mut trusted = Vec::new();
    for node in root
        .descendants()
        .into_iter()
        .filter(|node| matches!(node.name(), "remoteiptrustedproxy" | "remoteipinternalproxy"))
    {
        for network in node.args() {
            if crate::cli::word::<ipnet::IpNet>(network).is_ok() {
                super::push(&mut trusted, network.to_owned());
            } else {
                plan.lose(node, "is not a network");
            }
        }
    }
    if !trusted.is_empty() {
        plan.server.list("trusted_proxies", &trusted);
    }
    for node in root.descendants().into_iter().filter(|node| node.is("remoteipheader") && !node.says("x-forwarded-for"))
    {
        plan.lose(node, "the visitor's address is read from X-Forwarded-For and Forwarded");
    }
    if root.descendants().into_iter().any(|node| node.is("remoteipproxyprotocol") && node.says("on")) {
        plan.server.text("proxy_protocol", "required");
    }
}

/// `header=20-40,MinRate=500`: the longest time counts, for the wall knows no shorter one.
fn read_timeout(node: At<'_>, word: &str, plan: &mut Plan) {
    let (part, rest) = word.split_once('=').unwrap_or((word, ""));
    let longest = rest.split(',').next().and_then(|times| times.rsplit('-').next()).and_then(time);
    let key = match &*part.to_ascii_lowercase() {
        "header" => "header_timeout",
        "body" => "body_timeout",
        "handshake" => "handshake_timeout",
        _ => return plan.lose(node, "is not a part of a request"),
    };
    match longest {
        Some(time) if time == "0s" => plan.limits.text(key, "none"),
        Some(time) => plan.limits.text(key, &time),
        None => plan.lose(node, "is not a time"),
    }
    let rate = rest.split(',').find_map(|word| word.to_ascii_lowercase().strip_prefix("minrate=").map(str::to_owned));
    if let Some(rate) = rate.and_then(|rate| rate.parse::<u32>().ok()).filter(|rate| *rate > 0) {
        plan.limits.text("minimum_rate", &format!("{rate}B/s"));
    }
}
