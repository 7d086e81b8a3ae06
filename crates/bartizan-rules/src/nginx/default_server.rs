//! Nobody chose which server answers unknown names.

use std::borrow::Cow;
use std::net::IpAddr;

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::blocks::At;
use crate::facts::nginx::{self as conf, Peer};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Nobody chose which server answers unknown names.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "default-server",
        title: "Nobody chose which server answers unknown names",
        why: "When no server of a socket is marked, nginx takes the first that it read. Adding a file can so change \
              which site answers requests for unknown names, and the one that was meant to refuse them no longer \
              does. The order of files is nobody's decision.",
        fix: &[(Nginx, "listen 8080 default_server;")],
        references: &[Spec("nginx: listen", "https://nginx.org/en/docs/http/ngx_http_core_module.html#listen")],
    },
    topic: Topic::Nginx,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 8080;
        server_name a.example;
    }
    server {
        listen 8080;
        server_name b.example;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 8080 default_server;
        server_name a.example;
    }
    server {
        listen 8080;
        server_name b.example;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        if nginx.http().is_none() {
            return;
        }
        for (at, socket) in undecided_ng(nginx) {
            let said = seen.at(at, format_args!("several servers listen on {socket}, and none is the default"));
            said.own("nginx:default-server").peer(Peer::Ng, "default_server_flag", socket);
            said.edit(at.with_more("default_server", Safety::Safe));
        }
        for (at, module, socket) in undecided_next(nginx) {
            let said = seen.at(at, format_args!("several servers listen on {socket}, and none is the default"));
            said.own("nginx:default-server").peer(Peer::Next, "default_server_flag", socket);
            if at.is("listen") && module == "http" {
                said.edit(at.with_more("default_server", Safety::Safe));
            }
        }
    });
}

fn is_default(word: &str) -> bool {
    word.eq_ignore_ascii_case("default_server") || word.eq_ignore_ascii_case("default")
}

/// An address and a port.
type Socket<'a> = (Cow<'a, str>, u64);

/// Each listen of a socket counts, even those of one server.
fn undecided_ng(nginx: &conf::Nginx) -> Vec<(At<'_>, String)> {
    let ng = nginx.reader(Peer::Ng);
    let servers: Vec<_> = nginx.each("server").filter(|node| node.is_block() && ng.sees(*node)).collect();
    if servers.len() < 2 {
        return Vec::new();
    }
    let mut sockets: Vec<(Socket<'_>, Vec<At<'_>>)> = Vec::new();
    for listen in servers.iter().flat_map(|server| ng.find(*server, "listen")) {
        let Some(socket) = socket_ng(listen) else { continue };
        match sockets.iter_mut().find(|(known, _)| *known == socket) {
            Some((_, all)) => all.push(listen),
            None => sockets.push((socket, vec![listen])),
        }
    }
    let is_undecided = |all: &[At<'_>]| all.len() >= 2 && !all.iter().any(|listen| listen.args().any(is_default));
    let undecided = sockets.into_iter().filter(|(_, all)| is_undecided(all));
    undecided.filter_map(|((address, port), all)| Some((*all.first()?, format!("{address}:{port}")))).collect()
}

fn socket_ng(listen: At<'_>) -> Option<Socket<'_>> {
    let (mut address, mut port): (Cow<'_, str>, Option<u64>) = ("*".into(), None);
    for word in listen.args().filter(|word| !is_default(word)) {
        if is_file(word) {
            return None;
        }
        if let Some((host, after)) = word.split_once(']').filter(|_| word.starts_with('[')) {
            address = [host, "]"].concat().into();
            port = after.strip_prefix(':').and_then(|digits| digits.parse().ok()).or(port);
        } else if let Some((host, digits)) = word.split_once(':') {
            address = if host.is_empty() { "*" } else { host }.into();
            port = digits.parse().ok().or(port);
        } else if !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) {
            port = word.parse().ok();
        }
    }
    Some((address, port?))
}

/// Whether it is a socket of this machine, which has no port.
fn is_file(address: &str) -> bool {
    address.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("unix:"))
}

/// The module, the address, and whether it is one of datagrams.
type Listened<'a> = (&'static str, Socket<'a>, Option<&'static str>);

/// A server, and its directive for the socket.
type Listener<'a> = (At<'a>, At<'a>);

fn undecided_next(nginx: &conf::Nginx) -> Vec<(At<'_>, &'static str, String)> {
    let next = nginx.reader(Peer::Next);
    let servers: Vec<_> = nginx.each("server").filter(|node| node.is_block() && next.sees(*node)).collect();
    if servers.len() < 2 {
        return Vec::new();
    }
    let mut sockets: Vec<(Listened<'_>, Vec<Listener<'_>>)> = Vec::new();
    let mut add = |key, server, listen| match sockets.iter_mut().find(|it| it.0 == key) {
        Some((_, all)) => all.push((server, listen)),
        None => sockets.push((key, vec![(server, listen)])),
    };
    for server in &servers {
        let module = server.parents().find_map(|parent| match parent.name() {
            "http" => Some("http"),
            "stream" => Some("stream"),
            "mail" => Some("mail"),
            _ => None,
        });
        let module = module.unwrap_or("");
        if module == "mail" {
            continue;
        }
        let mut has_listen = false;
        for listen in next.find(*server, "listen") {
            has_listen = true;
            if let Some((socket, datagram)) = socket_next(listen) {
                add((module, socket, datagram), *server, listen);
            }
        }
        if !has_listen && module == "http" {
            add((module, ("*".into(), 80), None), *server, *server);
        }
    }
    let is_marked = |listen: &At<'_>| listen.is("listen") && listen.args().skip(1).any(is_default);
    let undecided = sockets.into_iter().filter(|(_, all)| {
        let first = all.first().map(|(server, _)| *server);
        all.iter().any(|(server, _)| Some(*server) != first) && !all.iter().any(|(_, listen)| is_marked(listen))
    });
    let shown = |(address, port): Socket<'_>, datagram| match datagram {
        Some(kind) => format!("{address}:{port} {kind}"),
        None => format!("{address}:{port}"),
    };
    undecided
        .filter_map(|((module, socket, datagram), all)| Some((all.first()?.1, module, shown(socket, datagram))))
        .collect()
}

fn socket_next(listen: At<'_>) -> Option<(Socket<'_>, Option<&'static str>)> {
    let socket = listen.arg(0).filter(|socket| !is_file(socket))?;
    let (address, port) = if let Some(rest) = socket.strip_prefix('[') {
        let (host, after) = rest.split_once(']').unwrap_or((rest, ""));
        (normal(host), after.strip_prefix(':').unwrap_or(after))
    } else if !socket.is_empty() && socket.bytes().all(|byte| byte.is_ascii_digit()) {
        ("*".into(), socket)
    } else {
        match socket.split_once(':') {
            Some((_, port)) if port.contains(':') => return None,
            Some((host, port)) => (normal(host), port),
            None => (normal(socket), ""),
        }
    };
    let port: u64 = if port.is_empty() { 80 } else { port.parse().ok()? };
    let datagram =
        ["udp", "quic"].into_iter().find(|kind| listen.args().skip(1).any(|arg| arg.eq_ignore_ascii_case(kind)));
    Some(((address, port), datagram))
}

fn normal(host: &str) -> Cow<'_, str> {
    if matches!(host, "" | "*" | "0.0.0.0") {
        return "*".into();
    }
    match host.parse() {
        Ok(IpAddr::V6(address)) => format!("[{address}]").into(),
        Ok(IpAddr::V4(address)) => address.to_string().into(),
        Err(_) => host.into(),
    }
}
