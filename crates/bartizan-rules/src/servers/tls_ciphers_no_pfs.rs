//! Suites without forward secrecy are offered.

use super::fixes;
use super::tls;
use crate::explanation::Reference::Spec;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Suites without forward secrecy are offered.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "tls-ciphers-no-pfs",
        title: "Suites without forward secrecy are offered",
        why: "The key of the connection is encrypted with that of the certificate. Whoever records the traffic and \
              gets the key years later, by a break-in or from a backup, reads all of it.",
        fix: fixes::MODERN_SUITES,
        references: &[
            Spec("nginx: ssl_ciphers", "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_ciphers"),
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
        ssl_ciphers AES128-GCM-SHA256;
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
        for node in nginx.each("ssl_ciphers") {
            let suites = tls::no_forward_secrecy(node.arg(0).unwrap_or_default());
            if !suites.is_empty() {
                let said = seen.at(node, format_args!("offered: {}", suites.join(", ")));
                said.own("nginx:tls-ciphers-no-pfs").edit(node.with_word(0, tls::MODERN, Safety::Safe));
            }
        }
    });
}
