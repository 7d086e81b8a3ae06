//! Ciphers are chosen by a word that means many.

use super::fixes;
use super::tls;
use crate::explanation::Reference::Spec;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Ciphers are chosen by a word that means many.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "tls-ciphers-broad",
        title: "Ciphers are chosen by a word that means many",
        why: "HIGH means whatever the library takes for strong: suites without forward secrecy and with CBC among \
              them, and others after the next update. A list of suites says what is meant.",
        fix: fixes::MODERN_SUITES,
        references: &[
            Spec("nginx: ssl_ciphers", "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_ciphers"),
            Spec("Mozilla: Server Side TLS", "https://wiki.mozilla.org/Security/Server_Side_TLS"),
        ],
    },
    topic: Topic::Servers,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_ciphers HIGH:!aNULL:!MD5;
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
            let list = node.arg(0).unwrap_or_default();
            if tls::is_broad(list) && tls::weak(list).is_empty() {
                seen.at(node, "a word that stands for many suites")
                    .own("nginx:tls-ciphers-broad")
                    .edit(node.with_word(0, tls::MODERN, Safety::Safe));
            }
        }
    });
}
