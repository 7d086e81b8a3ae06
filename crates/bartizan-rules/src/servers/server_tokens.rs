//! The server tells its version.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::blocks::At;
use crate::facts::nginx::Peer;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// The server tells its version.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "server-tokens",
        title: "The server tells its version",
        why: "An attacker who searches for servers with a known hole finds this one by its own answer, in Server and \
              on error pages. The version helps nobody else.",
        fix: &[(Apache, "ServerTokens Prod"), (Nginx, "server_tokens off;")],
        references: &[
            Spec("nginx: server_tokens", "https://nginx.org/en/docs/http/ngx_http_core_module.html#server_tokens"),
            Spec("Apache: ServerTokens", "https://httpd.apache.org/docs/2.4/mod/core.html#servertokens"),
            Cwe(200),
        ],
    },
    topic: Topic::Servers,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server_tokens on;
    server {
        listen 80;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server_tokens off;
    server {
        listen 80;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("server_tokens").filter(|node| node.says("on") || node.says("build")) {
            let said = seen.at(node, "the version is in Server and on error pages");
            said.own("nginx:server-tokens").edit(node.with_word(0, "off", Safety::Safe));
            if nginx.reader(Peer::Ng).sees(node) && matches!(node.arg(0), Some("on" | "build")) {
                said.peer(Peer::Ng, "version_disclosure", "set");
            }
            if nginx.reader(Peer::Next).sees(node) {
                said.peer(Peer::Next, "version_disclosure", "set");
            }
        }
        let Some(http) = nginx.http() else { return };
        for peer in [Peer::Ng, Peer::Next] {
            let reader = nginx.reader(peer);
            if !reader.sees(http) || reader.some(http, "server_tokens").is_some() {
                continue;
            }
            let servers = http
                .descendants()
                .into_iter()
                .filter(|node| node.is("server") && node.is_block() && reader.sees(*node));
            let mut is_first = true;
            for server in servers.filter(|server| reader.some(*server, "server_tokens").is_none()) {
                let said = seen.at(server, "server_tokens is not set, so that the version is told");
                said.own("nginx:server-tokens").peer(peer, "version_disclosure", "missing");
                // One line in `http` mends all servers.
                if is_first && peer == Peer::Ng {
                    said.edit(http.with_child("server_tokens off;", Safety::Safe));
                }
                is_first = false;
            }
        }
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        let is_tight = |node: At<'_>| node.says("prod") || node.says("productonly");
        match apache.last("servertokens") {
            Some(node) if !is_tight(node) && !apache.is_htaccess() => {
                seen.at(node, "more than the name is told").own("apache:server-tokens").edit(node.with_word(
                    0,
                    "Prod",
                    Safety::Safe,
                ));
            }
            None if apache.is_whole() => {
                let root = apache.root();
                let said = seen.at(root, "ServerTokens is not set, so that the version is told");
                said.own("apache:server-tokens").edit(apache.with_line("ServerTokens Prod", Safety::Safe));
            }
            _ => {}
        }
    });
}
