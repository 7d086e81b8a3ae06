//! TLS sessions are not kept.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// TLS sessions are not kept.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "session-cache-off",
        title: "TLS sessions are not kept",
        why: "Without a cache that all workers share every visit costs a whole handshake. That is slow for the \
              visitor, and cheap for who wants to keep the processors busy.",
        fix: &[(Nginx, "ssl_session_cache shared:SSL:10m;")],
        references: &[
            Spec(
                "nginx: ssl_session_cache",
                "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_session_cache",
            ),
            Spec("Mozilla: Server Side TLS", "https://wiki.mozilla.org/Security/Server_Side_TLS"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_session_cache none;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_session_cache shared:SSL:10m;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for server in nginx.servers().filter(|server| server.is_tls()) {
            match server.at.effective("ssl_session_cache") {
                None => {
                    let said = seen.at(server.at, "no cache is set, so that none is used");
                    said.own("nginx:session-cache-implicit")
                        .edit(server.at.with_child("ssl_session_cache shared:SSL:10m;", Safety::Safe));
                }
                Some(node) if node.says("none") || node.says("off") => {
                    let said = seen.at(node, "sessions are not kept");
                    said.own("nginx:session-cache").edit(node.with_words("shared:SSL:10m", Safety::Safe));
                }
                Some(_) => {}
            }
        }
    });
}
