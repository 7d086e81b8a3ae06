//! Whether the status page is open to everybody.

use super::allow_without_deny::has_login;
use crate::facts::blocks::At;
use crate::facts::nginx::Reader;

/// Returns what gixy-ng says: it asks for both an allow and a `deny all` beside the page.
pub(crate) fn by_ng(ng: &Reader, node: At<'_>) -> Option<String> {
    if !ng.sees(node) || only_sockets(ng, node) {
        return None;
    }
    let scope = node.parent()?;
    let has_allow = ng.find(scope, "allow").next().is_some();
    let has_deny = ng.find(scope, "deny").any(|deny| deny.args().eq(["all"]));
    (!has_allow || !has_deny).then(|| format!("{has_allow} {has_deny}"))
}

/// Returns what gixy-next says: it follows what is inherited, and knows logins.
pub(crate) fn by_next(next: &Reader, node: At<'_>) -> Option<String> {
    let scope = node.parent()?;
    let is_internal = node.within("location").is_some_and(|location| next.some(location, "internal").is_some());
    if !next.sees(node) || only_sockets(next, node) || is_internal {
        return None;
    }
    let rules = rules(scope);
    let all = everybody(next, node);
    let is_all =
        |rule: &At<'_>| rule.arg(0).is_some_and(|arg| all.iter().any(|address| arg.eq_ignore_ascii_case(address)));
    let first = rules.iter().find(|rule| is_all(rule)).map(|rule| rule.name());
    let is_first = |name: &str| first.is_some_and(|first| first.eq_ignore_ascii_case(name));
    let is_any = scope.effective("satisfy").is_some_and(|satisfy| satisfy.says("any"));
    let has_login = has_login(scope);
    if has_login && !(is_any && is_first("allow")) {
        return None;
    }
    let has_allow = rules.iter().any(|rule| rule.name().eq_ignore_ascii_case("allow") && !is_all(rule));
    let has_deny = is_first("deny");
    (!has_allow || !has_deny).then(|| format!("{has_allow} {has_deny} {has_login}"))
}

fn only_sockets(reader: &Reader, node: At<'_>) -> bool {
    let Some(server) = node.within("server") else { return false };
    let mut listens = reader.find(server, "listen").map(|listen| listen.arg(0).is_some_and(is_file)).peekable();
    listens.peek().is_some() && listens.all(|is_file| is_file)
}

/// Whether it is a socket of this machine.
fn is_file(address: &str) -> bool {
    address.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("unix:"))
}

/// The rules of the nearest block that has any.
fn rules(scope: At<'_>) -> Vec<At<'_>> {
    let is_rule = |child: &At<'_>| {
        (child.name().eq_ignore_ascii_case("allow") || child.name().eq_ignore_ascii_case("deny"))
            && child.arg(0).is_some()
    };
    let mut levels = scope.scopes().map(|scope| scope.children().filter(is_rule).collect::<Vec<_>>());
    levels.find(|rules| !rules.is_empty()).unwrap_or_default()
}

/// The addresses that mean everybody who can reach the server.
fn everybody(next: &Reader, node: At<'_>) -> Vec<&'static str> {
    let (mut v4, mut v6) = (false, false);
    match node.within("server") {
        None => (v4, v6) = (true, true),
        Some(server) => {
            let mut has_any = false;
            for listen in next.find(server, "listen") {
                has_any = true;
                let Some(address) = listen.arg(0).filter(|it| !it.is_empty() && !is_file(it)) else { continue };
                let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
                if address.starts_with('[') {
                    v6 = true;
                    v4 |= listen.args().skip(1).any(|arg| arg.eq_ignore_ascii_case("ipv6only=off"));
                } else if matches!(host, "" | "*") || host.chars().all(|c| c.is_ascii_digit() || c == '.') {
                    v4 = true;
                } else {
                    (v4, v6) = (true, true);
                }
            }
            v4 |= !has_any;
        }
    }
    let all = [("all", v4 || v6), ("0.0.0.0/0", v4), ("::/0", v6)];
    all.into_iter().filter(|(_, is_in)| *is_in).map(|(address, _)| address).collect()
}
