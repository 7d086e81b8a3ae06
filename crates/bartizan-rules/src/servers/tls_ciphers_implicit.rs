//! Which ciphers are used is left open.

use super::fixes;
use super::tls;
use crate::explanation::Reference::Spec;
use crate::facts::blocks::At;
use crate::facts::nginx::{Peer, Server};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Which ciphers are used is left open.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "tls-ciphers-implicit",
        title: "Which ciphers are used is left open",
        why: "The default of the library differs with its version and with the distribution, and may hold suites \
              without forward secrecy. What is written down stays as it is after an update.",
        fix: fixes::MODERN_SUITES,
        references: &[
            Spec("nginx: ssl_ciphers", "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_ciphers"),
            Spec("Apache: SSLCipherSuite", "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslciphersuite"),
            Spec("Mozilla: Server Side TLS", "https://wiki.mozilla.org/Security/Server_Side_TLS"),
        ],
    },
    topic: Topic::Servers,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_protocols TLSv1.2 TLSv1.3;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        const MESSAGE: &str = "ssl_ciphers is not set";
        let cure = |server: At<'_>| server.with_child(&["ssl_ciphers ", tls::MODERN, ";"].concat(), Safety::Safe);
        let is_own = |server: &Server<'_>| {
            server.is_tls() && server.at.effective("ssl_ciphers").is_none() && !tls::is_13_only(server.at)
        };
        for Server { at, .. } in nginx.servers().filter(is_own) {
            seen.at(at, MESSAGE).own("nginx:tls-ciphers-implicit").edit(cure(at));
        }
        let ng = nginx.reader(Peer::Ng);
        let is_bare =
            |at: &At<'_>| !tls::is_13_for_ng(ng, *at, nginx.http()) && !tls::has_for_ng(nginx, *at, "ssl_ciphers");
        for at in nginx.secure_for_ng().filter(is_bare) {
            seen.at(at, MESSAGE).peer(Peer::Ng, "weak_ssl_tls", "missing").cure(cure(at));
        }
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for server in apache.servers().filter(|server| server.is_tls() && suite(server.at()).is_none()) {
            let is_13_only = server.effective("sslprotocol").is_some_and(|node| tls::is_13_alone(node.args()));
            if !is_13_only {
                let said = seen.at(server.at(), "SSLCipherSuite is not set");
                said.own("apache:ssl-cipher-implicit");
                said.edit(server.at().with_child("SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305", Safety::Safe));
            }
        }
    });
}

/// The line in force that is not for TLS 1.3 alone, whose suites are all good.
fn suite(server: At<'_>) -> Option<At<'_>> {
    let is_older = |node: &At<'_>| !node.says("TLSv1.3");
    server.effective("sslciphersuite")?;
    server.scopes().find_map(|scope| scope.each("sslciphersuite").rfind(is_older))
}
