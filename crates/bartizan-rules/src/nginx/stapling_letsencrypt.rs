//! Stapling is on for a certificate that has no responder.

use super::stapling;
use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Stapling is on for a certificate that has no responder.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "stapling-letsencrypt",
        title: "Stapling is on for a certificate that has no responder",
        why: "Let's Encrypt stopped its OCSP responders in August 2025, and its certificates name none. Stapling then \
              does nothing but write warnings into the log, which hide others.",
        fix: &[(Nginx, "ssl_stapling off;")],
        references: &[
            Spec("nginx: ssl_stapling", "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_stapling"),
            Spec("Let's Encrypt: ending OCSP support", "https://letsencrypt.org/2024/12/05/ending-ocsp/"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        ssl_certificate /etc/letsencrypt/live/a/fullchain.pem;
        ssl_stapling on;
        resolver 127.0.0.1;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        ssl_certificate /etc/letsencrypt/live/a/fullchain.pem;
        ssl_stapling off;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for server in stapling::servers(nginx) {
            for peer in [Peer::Ng, Peer::Next] {
                let Some(node) = stapling::effective(nginx.reader(peer), server).filter(|node| node.says("on")) else {
                    continue;
                };
                let certificates = server.scopes().flat_map(|scope| {
                    scope
                        .children()
                        .filter(|child| matches!(child.name(), "ssl_certificate" | "ssl_trusted_certificate"))
                });
                let paths: Vec<_> =
                    certificates.flat_map(|it| it.args()).filter(|arg| arg.starts_with("/etc/letsencrypt/")).collect();
                if paths.is_empty() || !nginx.reader(peer).sees(server) {
                    continue;
                }
                let said = seen.at(node, "the certificate names no responder");
                said.own("nginx:stapling-letsencrypt").edit(node.with_word(0, "off", Safety::Safe));
                said.peer(peer, "ssl_stapling_letsencrypt", paths.join(" "));
            }
        }
    });
}
