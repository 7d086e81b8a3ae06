//! `[[site]]` and the tables that a site alone has.

use bartizan_pilot::Settings;
use bartizan_proxy::config::{Certificate, ClientCredentials, Https, SecurityTxt, Site, UpstreamPlan, UpstreamTls};

use super::super::origins::Origin;
use super::super::quantities::{write_bytes, write_duration};
use super::super::reports::SitePlan;
use super::super::words::ProfileName;
use super::{Page, autopilot, or_none, policy, reports, server, text, texts, word};

pub(super) fn write(
    page: &mut Page<'_>,
    index: usize,
    site: &Site,
    profiles: &[ProfileName],
    reports: Option<&SitePlan>,
    autopilot: Option<&Settings>,
) {
    let profile = profiles.first().copied().unwrap_or_default();
    let Site {
        hosts,
        upstream,
        unknown_host,
        health_paths,
        encoded_slashes,
        certificate,
        tls,
        https,
        policy: site_policy,
        routes,
        uploads,
        security_txt,
    } = site;
    let at = format!("site[{index}]");
    page.table("[[site]]");
    let certificate = match certificate {
        Certificate::Files { chain, key, ocsp } => {
            let path = |path: &std::path::Path| text(&path.display().to_string());
            let ocsp = ocsp.as_ref().map(|ocsp| format!(", ocsp = {}", path(ocsp))).unwrap_or_default();
            Some(format!("{{ chain = {}, key = {}{ocsp} }}", path(chain), path(key)))
        }
        Certificate::Local => None,
    };
    let mut keys = vec![
        ("hosts", texts(hosts)),
        ("upstream", texts(&upstream.addresses)),
        ("profile", word(profile)),
        ("unknown_host", word(*unknown_host)),
        ("health_paths", texts(health_paths)),
        ("encoded_slashes", word(*encoded_slashes)),
    ];
    keys.extend(certificate.map(|value| ("certificate", value)));
    for (key, value) in keys {
        page.key(key, &value, &[&format!("{at}.{key}")], Origin::Default);
    }
    policy::write(page, site_policy, &policy::Place::of_site(&at, profile));
    write_https(page, https, &at);
    if let Some(tls) = tls {
        page.table("[site.tls]");
        server::tls(page, tls, &[&format!("{at}.tls"), "server.tls"]);
    }
    write_upstream(page, upstream, &at);
    for (number, upload) in uploads.iter().enumerate() {
        page.table("[[site.uploads]]");
        let at = format!("{at}.uploads[{number}]");
        page.key("path", &text(&upload.path), &[&format!("{at}.path")], Origin::Default);
        page.key("host", &text(&upload.host.to_string()), &[&format!("{at}.host")], Origin::Default);
        page.key("attachment", &upload.attachment.to_string(), &[&format!("{at}.attachment")], Origin::Default);
    }
    if let Some(fields) = security_txt {
        write_security_txt(page, fields, &format!("{at}.security_txt"));
    }
    if let Some(reports) = reports {
        reports::write_site(page, reports, &at);
    }
    autopilot::write_site(page, autopilot, &at);
    for (number, route) in routes.iter().enumerate() {
        page.table("[[site.route]]");
        let own = profiles.get(number + 1).copied().unwrap_or(profile);
        let place = policy::Place::of_route(&at, number, own);
        page.key("path", &text(&route.path), &[&format!("{at}.route[{number}].path")], Origin::Default);
        if own != profile {
            page.key("profile", &word(own), &[&format!("{at}.route[{number}].profile")], Origin::Default);
        }
        page.key("deny", &route.policy.deny.to_string(), &[&format!("{at}.route[{number}].deny")], Origin::Default);
        let credentials = route.policy.credentials.to_string();
        page.key("credentials", &credentials, &[&format!("{at}.route[{number}].credentials")], Origin::Default);
        policy::write(page, &route.policy, &place);
    }
}

fn write_https(page: &mut Page<'_>, https: &Https, at: &str) {
    let Https { redirect, canonical_host, port, ssl_proxy_headers } = https;
    page.table("[site.https]");
    let mut keys = vec![("redirect", word(*redirect))];
    keys.extend(port.map(|port| ("port", port.to_string())));
    keys.extend(canonical_host.as_ref().map(|host| ("canonical_host", text(&host.to_string()))));
    let pair = |(name, value): &(http::HeaderName, http::HeaderValue)| {
        format!("{name} = {}", text(&String::from_utf8_lossy(value.as_bytes())))
    };
    if !ssl_proxy_headers.is_empty() {
        let pairs: Vec<_> = ssl_proxy_headers.iter().map(pair).collect();
        keys.push(("ssl_proxy_headers", format!("{{ {} }}", pairs.join(", "))));
    }
    for (key, value) in keys {
        page.key(key, &value, &[&format!("{at}.https.{key}")], Origin::Default);
    }
}

fn write_upstream(page: &mut Page<'_>, plan: &UpstreamPlan, at: &str) {
    let UpstreamPlan {
        addresses: _,
        balance,
        protocol,
        connect_timeout,
        response_timeout,
        idle_timeout,
        idle_connections,
        retries,
        max_fails,
        fail_timeout,
        health,
        tls,
        response_head,
        oauth2,
    } = plan;
    let at = format!("{at}.upstream_options");
    page.table("[site.upstream_options]");
    let time = |time| text(&write_duration(time));
    let mut keys = vec![
        ("balance", word(*balance)),
        ("protocol", word(*protocol)),
        ("connect_timeout", time(*connect_timeout)),
        ("response_timeout", or_none(*response_timeout, time)),
        ("idle_timeout", time(*idle_timeout)),
        ("idle_connections", idle_connections.to_string()),
        ("retries", retries.to_string()),
        ("max_fails", max_fails.to_string()),
        ("fail_timeout", time(*fail_timeout)),
        ("response_head", text(&write_bytes(u64::try_from(*response_head).unwrap_or(u64::MAX)))),
    ];
    keys.extend(health.as_ref().map(|health| {
        let (interval, timeout) = (time(health.interval), time(health.timeout));
        ("health", format!("{{ path = {}, interval = {interval}, timeout = {timeout} }}", text(&health.path)))
    }));
    keys.extend(write_tls(tls).map(|value| ("tls", value)));
    for (key, value) in keys {
        page.key(key, &value, &[&format!("{at}.{key}")], Origin::Default);
    }
    if let Some(oauth2) = oauth2 {
        write_oauth2(page, oauth2, &format!("{at}.oauth2"));
    }
}

fn write_tls(tls: &UpstreamTls) -> Option<String> {
    let UpstreamTls { authorities, identity, server_name, dangerous_skip_verification } = tls;
    let path = |path: &std::path::Path| text(&path.display().to_string());
    let mut parts = Vec::new();
    parts.extend(authorities.as_ref().map(|file| format!("authorities = {}", path(file))));
    parts.extend(identity.as_ref().map(|(chain, key)| format!("certificate = {}, key = {}", path(chain), path(key))));
    parts.extend(server_name.as_ref().map(|name| format!("server_name = {}", text(name))));
    parts.extend(dangerous_skip_verification.then(|| "dangerous_skip_verification = true".to_owned()));
    (!parts.is_empty()).then(|| format!("{{ {} }}", parts.join(", ")))
}

fn write_oauth2(page: &mut Page<'_>, credentials: &ClientCredentials, at: &str) {
    // The secret stays where it is: a printed configuration ends up in tickets and chats.
    let ClientCredentials { token_url, client_id, client_secret: _, scopes, endpoint_params } = credentials;
    page.table("[site.upstream_options.oauth2]");
    let params: Vec<_> =
        endpoint_params.iter().map(|(name, value)| format!("{} = {}", text(name), text(value))).collect();
    for (key, value) in [
        ("token_url", text(token_url.as_str())),
        ("client_id", text(client_id)),
        ("scopes", texts(scopes)),
        ("endpoint_params", format!("{{ {} }}", params.join(", "))),
    ] {
        page.key(key, &value, &[&format!("{at}.{key}")], Origin::Default);
    }
    for key in ["client_secret_env", "client_secret_file"] {
        if page.origins.of(&format!("{at}.{key}")).is_some() {
            page.text.push_str(&format!("# {key} is set; the secret is not shown\n"));
        }
    }
}

fn write_security_txt(page: &mut Page<'_>, fields: &SecurityTxt, at: &str) {
    let SecurityTxt { contact, expires, others, file } = fields;
    page.table("[site.security_txt]");
    if let Some(file) = file {
        page.key("file", &text(&file.display().to_string()), &[&format!("{at}.file")], Origin::Default);
        return;
    }
    page.key("contact", &texts(contact), &[&format!("{at}.contact")], Origin::Default);
    page.key("expires", &text(expires), &[&format!("{at}.expires")], Origin::Default);
    for (name, values) in others {
        let key = name.to_ascii_lowercase().replace('-', "_");
        let value = if key == "preferred_languages" { text(&values.join(", ")) } else { texts(values) };
        page.key(&key, &value, &[&format!("{at}.{key}")], Origin::Default);
    }
}
