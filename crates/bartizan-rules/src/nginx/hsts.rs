//! Where HSTS is missing or forgotten soon, for us and for gixy-ng.

use crate::facts::blocks::At;
use crate::facts::nginx::{Nginx, Peer};
use crate::sightings::Sightings;

/// Returns the servers that gixy-ng looks at, each with the line that counts, if there is one.
fn servers(nginx: &Nginx) -> Vec<(At<'_>, Option<At<'_>>)> {
    let ng = nginx.reader(Peer::Ng);
    let Some(http) = nginx.http() else { return Vec::new() };
    let is_on = |node: Option<At<'_>>| node.is_some_and(|node| node.arg(0) == Some("on"));
    let asked =
        nginx.secure_for_ng().filter(|server| !is_on(ng.some(*server, "ssl_reject_handshake"))).filter(|server| {
            let has_module = is_on(ng.some(*server, "security_headers")) || is_on(ng.some(http, "security_headers"));
            let is_more = |node: At<'_>| {
                node.args().any(|arg| arg.split(':').next().is_some_and(|name| name.trim().eq_ignore_ascii_case(NAME)))
            };
            let has_more = [*server, http].into_iter().any(|scope| ng.find(scope, "more_set_headers").any(is_more));
            !has_module && !has_more
        });
    asked
        .map(|server| {
            let has_own = ng.find(server, "add_header").next().is_some();
            let scope = if has_own { server } else { http };
            let line = ng.find(scope, "add_header").find(|line| line.says(NAME));
            (server, line)
        })
        .collect()
}

const NAME: &str = "strict-transport-security";

/// Names gixy-ng where it misses HSTS.
pub(crate) fn missing(nginx: &Nginx, seen: &mut Sightings) {
    for (server, _) in servers(nginx).into_iter().filter(|(_, line)| line.is_none()) {
        seen.at(server, "Strict-Transport-Security is not sent").peer(Peer::Ng, "hsts_header", "missing");
    }
}

/// Names gixy-ng where HSTS is too short for it.
pub(crate) fn short(nginx: &Nginx, seen: &mut Sightings) {
    for (_, line) in servers(nginx) {
        let Some(line) = line else { continue };
        let value = line.arg(1).unwrap_or_default().to_lowercase();
        let digits: String = value
            .match_indices("max-age=")
            .map(|(at, name)| value.get(at + name.len()..).unwrap_or_default())
            .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect::<String>())
            .find(|digits| !digits.is_empty())
            .unwrap_or_default();
        if digits.parse::<u128>().is_ok_and(|seconds| seconds < 15_768_000) {
            seen.at(line, format_args!("max-age is {digits} s")).peer(Peer::Ng, "hsts_header", digits);
        }
    }
}
