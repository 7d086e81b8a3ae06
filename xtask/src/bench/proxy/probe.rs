//! Asks each proxy once before it is measured: whoever does another job is left out, whoever does less is named.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use anyhow::{Result, ensure};

use super::super::client::{self, Group, HOST};
use super::config::HEADERS;

/// Returns what the proxy leaves undone: headers it does not add, banners it passes on.
///
/// One that does not serve the host, or serves another, is an error.
pub(super) fn check(address: SocketAddr, certificate: &Path) -> Result<Vec<String>> {
    let config = client::config(certificate, Group::X25519)?;
    let ask = |host: &str| {
        let mut connection = client::connect(&config, Ipv4Addr::LOCALHOST, address)?;
        let answer = client::ask(&mut connection, host, "/1k", "Connection: close\r\n")?;
        anyhow::Ok(String::from_utf8_lossy(&answer).into_owned())
    };
    let answer = ask(HOST)?;
    ensure!(is_success(&answer), "answers `{}`", answer.lines().next().unwrap_or_default());
    ensure!(!is_success(&ask("other.example")?), "serves a host that is not its own");
    Ok(undone(&answer))
}

fn is_success(answer: &str) -> bool {
    answer.starts_with("HTTP/1.1 2")
}

fn undone(answer: &str) -> Vec<String> {
    let head = answer.split("\r\n\r\n").next().unwrap_or_default();
    let fields: Vec<(&str, &str)> = head.lines().skip(1).filter_map(|line| line.split_once(':')).collect();
    let value = |name: &str| fields.iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim());
    let mut undone: Vec<String> =
        HEADERS.iter().filter(|(it, _)| value(it).is_none()).map(|(it, _)| format!("no {it}")).collect();
    // nginx names itself and cannot help it; the app's name must be gone all the same.
    if value("Server").is_some_and(|server| server.starts_with("upstream")) || value("X-Powered-By").is_some() {
        undone.push("the app's banner is passed on".to_owned());
    }
    undone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_that_does_less_is_found_out() {
        let answer = |skipped: &str, extra: &str| {
            let mut text = format!("HTTP/1.1 200 OK\r\n{extra}");
            for (name, value) in HEADERS.iter().filter(|(name, _)| *name != skipped) {
                text.push_str(&format!("{}: {value}\r\n", name.to_ascii_lowercase()));
            }
            text + "\r\nbody"
        };
        for (text, complaint) in [
            (answer("", "Server: nginx\r\n"), None),
            (answer("", "Server: upstream/1.0\r\n"), Some("the app's banner is passed on")),
            (answer("", "x-powered-by: bench\r\n"), Some("the app's banner is passed on")),
            (answer("Referrer-Policy", ""), Some("no Referrer-Policy")),
        ] {
            assert_eq!(undone(&text).first().map(String::as_str), complaint, "{text}");
        }
    }

    #[test]
    fn only_2xx_is_service() {
        for (answer, is_served) in [("HTTP/1.1 200 OK\r\n", true), ("HTTP/1.1 421 \r\n", false), ("", false)] {
            assert_eq!(is_success(answer), is_served, "{answer}");
        }
    }
}
