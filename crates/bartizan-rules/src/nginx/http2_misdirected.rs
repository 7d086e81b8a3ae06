//! Requests for other sites are not sent back with 421.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Rfc, Spec};
use crate::facts::blocks::At;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Requests for other sites are not sent back with 421.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "http2-misdirected",
        title: "Requests for other sites are not sent back with 421",
        why: "A browser uses one HTTP/2 connection for several names when one certificate covers them. A server that \
              refuses handshakes never sees those requests: they come on a connection that exists already, and it \
              answers them as its own. 421 tells the browser to ask on a connection of their own.",
        fix: &[(Nginx, "location / {\n    return 421;\n}")],
        references: &[
            Rfc(9110, "15.5.20"),
            Spec(
                "nginx: ssl_reject_handshake",
                "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_reject_handshake",
            ),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl http2 default_server;
        ssl_reject_handshake on;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl http2 default_server;
        ssl_reject_handshake on;
        location / {
            return 421;
        }
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        let Some(http) = nginx.http() else { return };
        let (ng, next) = (nginx.reader(Peer::Ng), nginx.reader(Peer::Next));
        let is_on = |node: Option<At<'_>>| node.is_some_and(|node| node.says("on"));
        let is_http_on = is_on(next.some(http, "http2"));
        for server in nginx.each("server").filter(|server| server.is_block() && server.within("http").is_some()) {
            let listens: Vec<_> = server.each("listen").collect();
            let has = |words: &[&str]| {
                listens
                    .iter()
                    .flat_map(|listen| listen.args())
                    .any(|arg| words.contains(&arg.to_ascii_lowercase().as_str()))
            };
            let rejects = next.some(server, "ssl_reject_handshake");
            let is_default = has(&["default_server", "default"]);
            if !is_on(rejects) || !is_default || sends_back(server) {
                continue;
            }
            let is_two = has(&["http2"]) || is_on(next.some(server, "http2"));
            if ng.sees(server) && is_two && rejects.and_then(|node| node.arg(0)) == Some("on") {
                let said = seen.at(server, "a default server that refuses handshakes answers requests of other names");
                said.edit(server.with_child("location / { return 421; }", Safety::Safe)).peer(
                    Peer::Ng,
                    "http2_misdirected_request",
                    "",
                );
            }
            let is_off = next.some(server, "http2").is_some_and(|node| node.says("off"));
            if let Some(rejects) = rejects
                .filter(|_| next.sees(server) && !is_off && (is_two || is_http_on) && has(&["ssl", "quic", "http3"]))
            {
                let said = seen.at(rejects, "a default server that refuses handshakes answers requests of other names");
                said.edit(server.with_child("location / { return 421; }", Safety::Safe)).peer(
                    Peer::Next,
                    "http2_misdirected_request",
                    "",
                );
            }
        }
    });
}

fn sends_back(server: At<'_>) -> bool {
    let is_421 = |node: At<'_>| {
        node.is("location") && node.args().next_back() == Some("/") && node.each("return").any(|it| it.says("421"))
    };
    server.descendants().into_iter().any(is_421)
}
