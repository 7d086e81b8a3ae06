//! A weak cipher is offered.

use super::fixes;
use super::{ciphers, tls};
use crate::explanation::Reference::{Cwe, Rfc, Spec};
use crate::facts::nginx::Peer;
use crate::sightings;
use crate::{Confidence, Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A weak cipher is offered.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "tls-ciphers-weak",
        title: "A weak cipher is offered",
        why: "RC4, DES and 3DES, export suites and those without encryption or without a certificate can be broken, \
              some while a visitor waits. A client that offers them, or an attacker who takes the others away, gets \
              one of them.",
        fix: fixes::MODERN_SUITES,
        references: &[
            Rfc(7465, ""),
            Spec("nginx: ssl_ciphers", "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_ciphers"),
            Spec("Apache: SSLCipherSuite", "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslciphersuite"),
            Cwe(327),
        ],
    },
    topic: Topic::Servers,
    severity: Severity::High,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256:RC4-SHA;
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
            let weak = tls::weak(list);
            let ng = nginx.reader(Peer::Ng);
            let is_ng = ng.sees(node) && !node.parent().is_some_and(|scope| tls::is_13_for_ng(ng, scope, None));
            let by_ng = if is_ng { ciphers::weak_for_ng(list) } else { Vec::new() };
            if weak.is_empty() && by_ng.is_empty() {
                continue;
            }
            let said = seen.at(
                node,
                format_args!("offered: {}", if weak.is_empty() { by_ng.join(", ") } else { weak.join(", ") }),
            );
            said.edit(node.with_word(0, tls::MODERN, Safety::Safe));
            if weak.is_empty() {
                said.severity(Severity::Low).confidence(Confidence::Medium);
            } else {
                said.own("nginx:tls-ciphers");
            }
            if tls::is_broad(list) && weak.is_empty() {
                said.own("nginx:tls-ciphers-broad");
            }
            if !by_ng.is_empty() {
                said.peer(Peer::Ng, "weak_ssl_tls", by_ng.join(" "));
            }
        }
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.each("sslciphersuite") {
            let weak = tls::weak_and_allowed(node.args().next_back().unwrap_or_default());
            if !weak.is_empty() {
                let said = seen.at(node, format_args!("offered: {}", weak.join(", ")));
                said.own("apache:ssl-cipher").edit(node.with_words(tls::MODERN, Safety::Safe));
            }
        }
    });
}
