//! TLS 1.3 is not offered.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// TLS 1.3 is not offered.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "tls13-missing",
        title: "TLS 1.3 is not offered",
        why: "TLS 1.3 takes one round trip less and has none of the old key exchanges and ciphers. Clients that speak \
              it fall back to 1.2 here, with all that has to be set right there.",
        fix: &[(Nginx, "ssl_protocols TLSv1.2 TLSv1.3;")],
        references: &[
            Spec("nginx: ssl_protocols", "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_protocols"),
            Spec("Mozilla: Server Side TLS", "https://wiki.mozilla.org/Security/Server_Side_TLS"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_protocols TLSv1.2;
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
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("ssl_protocols") {
            let has = |name: &str| node.args().any(|arg| arg == name);
            let is_old = ["SSLv2", "SSLv3", "TLSv1", "TLSv1.1"].into_iter().any(has);
            if has("TLSv1.2") && !has("TLSv1.3") && !is_old {
                seen.at(node, "TLSv1.3 is not listed")
                    .own("nginx:tls13-missing")
                    .edit(node.with_more("TLSv1.3", Safety::Safe));
            }
        }
    });
}
