//! `[server]` and its tables.

use bartizan_proxy::config::{Limits, Server, TlsPlan};

use super::super::origins::Origin;
use super::super::quantities::{write_byte_rate, write_bytes, write_duration, write_request_rate};
use super::super::words::LogLevel;
use super::{Page, list, or_none, text, texts, word};

pub(super) fn write(page: &mut Page<'_>, server: &Server, level: LogLevel) {
    let Server {
        listen,
        listen_http,
        admin,
        admin_if_free: _,
        workers,
        trusted_proxies,
        proxy_protocol,
        limits,
        tls: tls_plan,
        drain,
        access_log,
        state_dir,
    } = server;
    page.table("[server]");
    for (key, value) in [
        ("listen", texts(listen)),
        ("listen_http", texts(listen_http)),
        ("admin", or_none(*admin, |admin| text(&admin.to_string()))),
        ("workers", workers.to_string()),
        ("trusted_proxies", texts(trusted_proxies)),
        ("proxy_protocol", word(*proxy_protocol)),
        ("drain", text(&write_duration(*drain))),
        ("state_dir", text(&state_dir.display().to_string())),
    ] {
        page.key(key, &value, &[&format!("server.{key}")], Origin::Default);
    }
    write_limits(page, limits);
    page.table("[server.tls]");
    tls(page, tls_plan, &["server.tls"]);
    page.table("[server.log]");
    page.key("access", &word(*access_log), &["server.log.access"], Origin::Default);
    page.key("level", &word(level), &["server.log.level"], Origin::Default);
}

fn write_limits(page: &mut Page<'_>, limits: &Limits) {
    let Limits {
        header_timeout,
        body_timeout,
        write_timeout,
        keep_alive,
        handshake_timeout,
        minimum_rate,
        request_line,
        head,
        headers,
        body,
        connections,
        connections_per_client,
        requests_per_client,
        streams,
    } = limits;
    page.table("[server.limits]");
    let time = |time: &Option<_>| or_none(*time, |time| text(&write_duration(time)));
    let size = |bytes: &usize| text(&write_bytes(u64::try_from(*bytes).unwrap_or(u64::MAX)));
    for (key, value) in [
        ("header_timeout", time(header_timeout)),
        ("body_timeout", time(body_timeout)),
        ("write_timeout", time(write_timeout)),
        ("keep_alive", time(keep_alive)),
        ("handshake_timeout", time(handshake_timeout)),
        ("minimum_rate", text(&write_byte_rate(*minimum_rate))),
        ("request_line", size(request_line)),
        ("head", size(head)),
        ("headers", headers.to_string()),
        ("body", or_none(*body, |bytes| text(&write_bytes(bytes)))),
        ("connections", or_none(*connections, |count| count.to_string())),
        ("connections_per_client", or_none(*connections_per_client, |count| count.to_string())),
        ("requests_per_client", or_none(*requests_per_client, |rate| text(&write_request_rate(rate)))),
        ("streams", streams.to_string()),
    ] {
        page.key(key, &value, &[&format!("server.limits.{key}")], Origin::Default);
    }
}

/// Writes the keys of a TLS plan, each said in the first of the tables that has it.
pub(super) fn tls(page: &mut Page<'_>, plan: &TlsPlan, tables: &[&str]) {
    let TlsPlan { versions, groups, suites, tickets, client_certificates } = plan;
    let mut keys = vec![
        ("versions", list(versions, |version| word(*version))),
        ("groups", list(groups, |group| word(*group))),
        ("suites", list(suites, |suite| word(*suite))),
        ("tickets", word(*tickets)),
    ];
    if let Some(client) = client_certificates {
        let authorities = text(&client.authorities.display().to_string());
        keys.push((
            "client_certificates",
            format!("{{ authorities = {authorities}, required = {} }}", client.required),
        ));
    }
    for (key, value) in keys {
        let paths: Vec<_> = tables.iter().map(|table| format!("{table}.{key}")).collect();
        page.key(key, &value, &paths.iter().map(String::as_str).collect::<Vec<_>>(), Origin::Default);
    }
}
