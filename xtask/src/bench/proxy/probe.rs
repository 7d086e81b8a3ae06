//! Asks each proxy once before it is measured: only those that do the same job are compared.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use anyhow::{Result, ensure};

use super::super::client::{self, Group, HOST};
use super::config::HEADERS;

/// Checks that the host is served with all ten headers and without the app's banners, and that others are not.
pub(super) fn check(address: SocketAddr, certificate: &Path) -> Result<()> {
    let config = client::config(certificate, Group::X25519)?;
    let ask = |host: &str| {
        let mut connection = client::connect(&config, Ipv4Addr::LOCALHOST, address)?;
        client::ask(&mut connection, host, "/1k", "Connection: close\r\n")
    };
    let complaints = complaints(&String::from_utf8_lossy(&ask(HOST)?));
    ensure!(complaints.is_empty(), "does not do the same job: {}", complaints.join(", "));
    let foreign = ask("other.example")?;
    ensure!(!foreign.starts_with(b"HTTP/1.1 2"), "does not refuse another host");
    Ok(())
}

fn complaints(answer: &str) -> Vec<String> {
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    let (status, fields) = head.split_once("\r\n").unwrap_or((head, ""));
    let fields: Vec<(String, &str)> = fields.lines().filter_map(field).collect();
    let value = |name: &str| fields.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| *value);
    let mut complaints = Vec::new();
    if !status.starts_with("HTTP/1.1 200") {
        complaints.push(format!("answers `{status}`"));
    }
    complaints.extend(HEADERS.iter().filter(|(it, _)| value(it).is_none()).map(|(it, _)| format!("no {it}")));
    // nginx names itself and cannot help it; the app's name must be gone all the same.
    if value("Server").is_some_and(|server| server.starts_with("upstream")) || value("X-Powered-By").is_some() {
        complaints.push("the app's banner is passed on".to_owned());
    }
    complaints
}

fn field(line: &str) -> Option<(String, &str)> {
    line.split_once(':').map(|(name, value)| (name.trim().to_owned(), value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_that_does_less_is_not_compared() {
        let answer = |status: &str, skipped: &str, extra: &str| {
            let mut text = format!("HTTP/1.1 {status}\r\n{extra}");
            for (name, value) in HEADERS.iter().filter(|(name, _)| *name != skipped) {
                text.push_str(&format!("{}: {value}\r\n", name.to_ascii_lowercase()));
            }
            text + "\r\nbody"
        };
        for (text, complaint) in [
            (answer("200 OK", "", "Server: nginx\r\n"), None),
            (answer("200 OK", "", "Server: upstream/1.0\r\n"), Some("the app's banner is passed on")),
            (answer("200 OK", "", "x-powered-by: bench\r\n"), Some("the app's banner is passed on")),
            (answer("200 OK", "Referrer-Policy", ""), Some("no Referrer-Policy")),
            (answer("502 Bad Gateway", "", ""), Some("answers `HTTP/1.1 502 Bad Gateway`")),
        ] {
            assert_eq!(complaints(&text).first().map(String::as_str), complaint, "{text}");
        }
    }
}
