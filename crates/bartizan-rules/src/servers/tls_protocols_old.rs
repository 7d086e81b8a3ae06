//! An old version of TLS is spoken.

use std::collections::BTreeSet;

use super::tls;
use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::{Rfc, Spec};
use crate::facts::nginx::Peer;
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// An old version of TLS is spoken.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "tls-protocols-old",
        title: "An old version of TLS is spoken",
        why: "SSL 3 and TLS 1.0 and 1.1 are broken in several ways (POODLE, BEAST), and since 2021 no standard allows \
              them. An attacker on the network makes both sides fall back to the oldest that they share. Browsers \
              stopped to speak them in 2020.",
        fix: &[(Apache, "SSLProtocol -all +TLSv1.2 +TLSv1.3"), (Nginx, "ssl_protocols TLSv1.2 TLSv1.3;")],
        references: &[
            Rfc(8996, ""),
            Spec("nginx: ssl_protocols", "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_protocols"),
            Spec("Apache: SSLProtocol", "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslprotocol"),
            Spec("Mozilla: Server Side TLS", "https://wiki.mozilla.org/Security/Server_Side_TLS"),
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
        ssl_protocols TLSv1 TLSv1.2;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_protocols TLSv1.2 TLSv1.3;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("ssl_protocols") {
            let old: BTreeSet<_> =
                node.args().filter(|arg| matches!(*arg, "SSLv2" | "SSLv3" | "TLSv1" | "TLSv1.1")).collect();
            if old.is_empty() {
                continue;
            }
            let all: Vec<_> = old.into_iter().collect();
            let said = seen.at(node, format_args!("spoken: {}", all.join(", ")));
            said.own("nginx:tls-protocols").edit(node.with_words("TLSv1.2 TLSv1.3", Safety::Safe));
            if nginx.reader(Peer::Ng).sees(node) {
                said.peer(Peer::Ng, "weak_ssl_tls", all.join(", "));
            }
        }
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for node in apache.in_force_for_tls("sslprotocol") {
            let old = tls::old_protocols(node.args());
            if !old.is_empty() {
                let said = seen.at(node, format_args!("spoken: {}", old.join(", ")));
                said.own("apache:ssl-protocol").edit(node.with_words("-all +TLSv1.2 +TLSv1.3", Safety::Safe));
            }
        }
    });
}
