//! Suites with CBC are offered.

use super::fixes;
use super::tls;
use crate::explanation::Reference::Spec;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Suites with CBC are offered.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "tls-ciphers-cbc",
        title: "Suites with CBC are offered",
        why: "CBC suites had one padding attack after the other (Lucky 13, POODLE), and each needs a patch of its own \
              in the library. Every client of the last ten years speaks GCM or ChaCha20.",
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
        ssl_ciphers ECDHE-RSA-AES128-SHA256;
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
            let suites = tls::cbc(node.arg(0).unwrap_or_default());
            if !suites.is_empty() {
                let said = seen.at(node, format_args!("offered: {}", suites.join(", ")));
                said.own("nginx:tls-ciphers-cbc").edit(node.with_word(0, tls::MODERN, Safety::Safe));
            }
        }
    });
}
