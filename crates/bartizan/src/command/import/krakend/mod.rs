//! From KrakenD's `security/http` and client credentials to a site of ours.
//!
//! What KrakenD's code ignores is ignored here, too, and said. Its endpoints are not carried over: composing answers is
//! a gateway's work, and this is a wall.

use bartizan_audit::Source;
use bartizan_audit::formats::krakend::{Secure, read};
use bartizan_headers::csp::PolicyList;
use bartizan_headers::{Field, HostPattern, ReferrerPolicy};
use bartizan_rules::facts::krakend::{Krakend, SECURE};
use bartizan_rules::facts::node::Node;

use super::written::{Written, quoted};

mod patterns;

/// Returns the configuration, or why the file is none of KrakenD's.
pub(super) fn convert(source: &Source, upstream: Option<&str>) -> Result<Written, String> {
    let krakend = read(source).map_err(|error| error.to_string())?;
    let block = krakend.secure();
    let secure = block.and_then(|block| Secure::read(&block.value));
    let mut written = Written::default();
    if secure.is_none() {
        written.note("KrakenD sets no security headers here, so none are set below; a profile of ours would.");
    }
    let secure = secure.unwrap_or_default();
    server(&mut written, &krakend, &secure);
    written.table("[[site]]");
    hosts(&mut written, &secure);
    upstreams(&mut written, &krakend, upstream);
    written.raw("profile", "\"compatible\"");
    certificate(&mut written, &krakend);
    // KrakenD removes nothing and forges no tokens: what it does not do is off.
    written.raw("strip", "[]");
    https(&mut written, &secure);
    written.table("[site.csrf]").text_value("mode", "dangerous_off");
    written.table("[site.cookies]").raw("secure", "false").raw("http_only", "false");
    written.text_value("same_site", "keep").raw("prefix", "false");
    headers(&mut written, &secure);
    written.table("[site.errors]").raw("replace", "[]").raw("debug_pages", "false").raw("listings", "false");
    credentials(&mut written, &krakend);
    if let Some(block) = block {
        ignored(&mut written, &block.value);
    }
    elsewhere(&mut written, &krakend);
    written.note(
        "The site forgoes what KrakenD does not do: hardened cookies, checks of foreign forms, headers that are \
                  false below. Remove those lines to have them.",
    );
    Ok(written)
}

fn server(written: &mut Written, krakend: &Krakend, secure: &Secure) {
    let port =
        krakend.root.get("port").and_then(Node::whole).filter(|port| (1..=65_535).contains(port)).unwrap_or(8080);
    let has_tls = krakend.root.get("tls").is_some_and(|tls| tls.get("disabled").and_then(Node::bool) != Some(true));
    written.table("[server]");
    let here = vec![format!("0.0.0.0:{port}")];
    written.list("listen", if has_tls { &here } else { &[] }).list("listen_http", if has_tls { &[] } else { &here });
    if !secure.proxy_headers.is_empty() {
        written.list("trusted_proxies", &PRIVATE.map(ToOwned::to_owned));
        written.note(
            "KrakenD believes ssl_proxy_headers from anybody; here only peers in trusted_proxies are believed. \
                      Write the address of your load balancer there.",
        );
    }
}

fn hosts(written: &mut Written, secure: &Secure) {
    let mut hosts = Vec::new();
    if !secure.is_development {
        let mut is_any = false;
        for host in &secure.allowed_hosts {
            let patterns =
                if secure.hosts_are_regex { patterns::of(host) } else { Some(vec![host.to_ascii_lowercase()]) };
            let is_host = |pattern: &String| pattern == "*" || pattern.parse::<HostPattern>().is_ok();
            match patterns.filter(|patterns| patterns.iter().all(is_host)) {
                Some(patterns) => {
                    is_any |= secure.hosts_are_regex && patterns.iter().any(|pattern| pattern == "*");
                    let new: Vec<_> = patterns.into_iter().filter(|pattern| !hosts.contains(pattern)).collect();
                    hosts.extend(new);
                }
                None => drop(
                    written
                        .note(format!("allowed_hosts: {host:?} cannot be said as a name or *.name; it is not served.")),
                ),
            }
        }
        if is_any {
            written.note("allowed_hosts: an expression is for every host, and so is this site.");
            hosts.clear();
        // An empty list would open the site to every name, which is the opposite of what was meant.
        } else if hosts.is_empty() && !secure.allowed_hosts.is_empty() {
            hosts.push("no-host-could-be-carried-over.invalid".to_owned());
        }
    } else if !secure.allowed_hosts.is_empty() {
        written.note("is_development switches allowed_hosts, ssl_redirect and HSTS off; so it is here.");
    }
    let canonical = secure.redirect_host.to_ascii_lowercase();
    let is_redirected = secure.redirect && !secure.is_development && !canonical.is_empty();
    if is_redirected && !hosts.is_empty() && !hosts.contains(&canonical) && canonical.parse::<HostPattern>().is_ok() {
        written.note(format!(
            "ssl_host: {canonical} is served, too, though allowed_hosts left it out: redirects lead there."
        ));
        hosts.push(canonical);
    }
    if !secure.host_proxy_headers.is_empty() {
        written.note(format!(
            "host_proxy_headers ({}): not carried over, for any client can write such a header; hosts are those of Host.",
            secure.host_proxy_headers.join(", ")
        ));
    }
    written.list("hosts", &hosts);
}

fn upstreams(written: &mut Written, krakend: &Krakend, given: Option<&str>) {
    let mut found: Vec<String> = Vec::new();
    for host in krakend.backends().filter_map(|backend| backend.get("host")).flat_map(Node::items) {
        let Some(host) = host.text() else { continue };
        let host = host.trim_end_matches('/').to_owned();
        if !found.contains(&host) {
            found.push(host);
        }
    }
    let upstream = given.map(str::to_owned).unwrap_or_else(|| {
        written.note(
            "Endpoints are not carried over: put this wall before KrakenD, whose address is taken to be \
             http://127.0.0.1:8080, or name the app in upstream.",
        );
        "http://127.0.0.1:8080".to_owned()
    });
    if !found.is_empty() {
        written.note(format!("KrakenD's backends are {}.", found.join(", ")));
    }
    written.list("upstream", &[upstream]);
}

fn certificate(written: &mut Written, krakend: &Krakend) {
    let Some(tls) = krakend.root.get("tls") else { return };
    let key = tls.get("keys").and_then(|keys| keys.items().first()).unwrap_or(tls);
    let (Some(chain), Some(key)) =
        (key.get("public_key").and_then(Node::text), key.get("private_key").and_then(Node::text))
    else {
        return;
    };
    written.raw("certificate", &format!("{{ chain = {}, key = {} }}", quoted(chain), quoted(key)));
}

fn https(written: &mut Written, secure: &Secure) {
    written.table("[site.https]");
    let is_redirected = secure.redirect && !secure.is_development;
    written.text_value("redirect", if is_redirected { "permanent" } else { "dangerous_plain_http" });
    if is_redirected && !secure.redirect_host.is_empty() {
        match secure.redirect_host.parse::<bartizan_headers::Authority>() {
            Ok(host) => drop(written.text_value("canonical_host", &host.to_string())),
            Err(_) => drop(written.note(format!("ssl_host: {:?} is no host.", secure.redirect_host))),
        }
    }
    let mut headers = Vec::new();
    for (name, value) in &secure.proxy_headers {
        if value.is_empty() || name.parse::<http::HeaderName>().is_err() {
            written.note(format!(
                "ssl_proxy_headers: {name:?} with the value {value:?} marks every request as one over TLS; not carried over."
            ));
        } else {
            headers.push(format!("{} = {}", quoted(name), quoted(value)));
        }
    }
    if !headers.is_empty() {
        written.raw("ssl_proxy_headers", &format!("{{ {} }}", headers.join(", ")));
    }
}

fn headers(written: &mut Written, secure: &Secure) {
    let set = |value: &str| format!("{{ mode = \"set\", value = {} }}", quoted(value));
    written.table("[site.headers]");
    let hsts = (secure.hsts_seconds > 0 && !secure.is_development).then(|| {
        let subdomains = if secure.hsts_subdomains { "; includeSubDomains" } else { "" };
        set(&format!("max-age={}{subdomains}", secure.hsts_seconds))
    });
    if secure.hsts_forced {
        written
            .note("force_sts_header: HSTS over plain HTTP means nothing to a browser (RFC 6797, 8.1); not sent there.");
    }
    if secure.hsts_seconds < 0 {
        written.note("sts_seconds is negative, which no browser understands; HSTS is not sent.");
    }
    let frame = secure.frame_options.as_ref().map(|value| {
        let known = value.trim().to_ascii_uppercase();
        if matches!(&*known, "DENY" | "SAMEORIGIN") {
            return set(&known);
        }
        written.note(format!("custom_frame_options_value: no browser knows {value:?}; DENY is sent, which all do."));
        set("DENY")
    });
    let csp = secure.csp.as_ref().and_then(|value| {
        if value.contains("$NONCE") {
            written.note(
                "content_security_policy: $NONCE, a nonce for each request, is not carried over; nor is the policy.",
            );
            return None;
        }
        match PolicyList::strict(value) {
            Ok(policy) => Some(set(&policy.to_string())),
            Err(error) => {
                written.note(format!("content_security_policy: {error}; not carried over."));
                None
            }
        }
    });
    let referrer = secure.referrer_policy.as_ref().and_then(|value| {
        if let Some(policy) = ReferrerPolicy::parse(&[value]).value {
            if value.contains(',') {
                written.note(format!("referrer_policy: of {value:?}, {policy} is sent: the last that browsers know."));
            }
            return Some(set(value));
        }
        written.note(format!("referrer_policy: no browser knows {value:?}; not sent."));
        None
    });
    if secure.xss_filter {
        written.note("browser_xss_filter: the filter is gone from browsers and could itself leak; 0 is sent.");
    }
    let nosniff = secure.nosniff.then(|| set("nosniff"));
    let xss = secure.xss_filter.then(|| set("0"));
    let sent = [
        ("hsts", hsts),
        ("csp", csp),
        ("content_type_options", nosniff),
        ("frame_options", frame),
        ("referrer_policy", referrer),
        ("xss_protection", xss),
    ];
    for (key, value) in sent {
        written.raw(key, value.as_deref().unwrap_or("false"));
    }
    for key in ["cross_domain_policies", "private_cache"] {
        written.raw(key, "false");
    }
}

fn credentials(written: &mut Written, krakend: &Krakend) {
    let blocks: Vec<&Node> = krakend.credentials().map(|entry| &entry.value).collect();
    let active = |block: &&&Node| block.get("is_disabled").and_then(Node::bool) != Some(true);
    let Some(block) = blocks.iter().find(active) else { return };
    if blocks
        .iter()
        .filter(active)
        .any(|other| other.get("token_url").and_then(Node::text) != block.get("token_url").and_then(Node::text))
    {
        written.note("client credentials: the backends have several; only the first are carried over.");
    }
    let text = |key: &str| block.get(key).and_then(Node::text).unwrap_or_default();
    written.table("[site.upstream_options.oauth2]");
    written.text_value("token_url", text("token_url")).text_value("client_id", text("client_id"));
    written.text_value("client_secret_env", "KRAKEND_CLIENT_SECRET");
    written.note("client_secret: secrets do not belong into a configuration; put it into KRAKEND_CLIENT_SECRET.");
    let scopes: Vec<String> =
        text("scopes").split(',').map(|scope| scope.trim().to_owned()).filter(|scope| !scope.is_empty()).collect();
    written.list("scopes", &scopes);
    let parameters = block.get("endpoint_params").map(Node::entries).unwrap_or_default();
    let parameters: Vec<String> = parameters
        .iter()
        .filter_map(|entry| Some(format!("{} = {}", quoted(&entry.key), quoted(entry.value.items().first()?.text()?))))
        .collect();
    if !parameters.is_empty() {
        written.raw("endpoint_params", &format!("{{ {} }}", parameters.join(", ")));
    }
}

fn ignored(written: &mut Written, block: &Node) {
    for entry in block.entries() {
        if bartizan_rules::krakend::is_ignored(&entry.key) {
            written.note(format!(
                "{}: {}: KrakenD's code does not read it, so it had no effect; not carried over.",
                entry.at, entry.key
            ));
        } else if let Some(wanted) = bartizan_rules::krakend::wrong_type(entry) {
            written.note(format!(
                "{}: {}: KrakenD wants {wanted} and ignores {}.",
                entry.at,
                entry.key,
                entry.value.kind()
            ));
        }
    }
}

/// What other blocks of the file say.
fn elsewhere(written: &mut Written, krakend: &Krakend) {
    let extra = krakend.root.get("extra_config").map(Node::entries).unwrap_or_default();
    for entry in extra.iter().filter(|entry| !SECURE.contains(&&*entry.key)) {
        written.note(format!("{}: {}: not carried over.", entry.at, entry.key));
    }
    for entry in krakend.misplaced() {
        written.note(format!(
            "{}: {}: counts only at the root, so it had no effect; not carried over.",
            entry.at, entry.key
        ));
    }
    if let Some(entry) = krakend.root.entry("endpoints").filter(|entry| !entry.value.items().is_empty()) {
        written.note(format!("{}: endpoints: not carried over; every path goes to upstream.", entry.at));
    }
}

/// Networks in which a load balancer commonly stands.
const PRIVATE: [&str; 6] = ["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];
