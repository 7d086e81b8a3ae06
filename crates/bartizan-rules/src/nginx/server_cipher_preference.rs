//! The server decides about the order of ciphers.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::blocks::At;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// The server decides about the order of ciphers.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "server-cipher-preference",
        title: "The server decides about the order of ciphers",
        why: "With none but strong suites in the list the client knows best which of them its processor does fast. A \
              phone without AES in hardware is slower, and its battery emptier, for no gain.",
        fix: &[(Nginx, "ssl_prefer_server_ciphers off;")],
        references: &[
            Spec(
                "nginx: ssl_prefer_server_ciphers",
                "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_prefer_server_ciphers",
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
        ssl_prefer_server_ciphers on;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_prefer_server_ciphers off;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("ssl_prefer_server_ciphers").filter(|node| node.arg(0) == Some("on")) {
            let ng = nginx.reader(Peer::Ng);
            let is_kept =
                |command: At<'_>| command.arg(0) == Some("Options") && command.arg(1) == Some("PrioritizeChaCha");
            let is_mobile = node.parents().take(2).any(|scope| ng.find(scope, "ssl_conf_command").any(is_kept));
            if !is_mobile {
                let said = seen.at(node, "the client's order does not count");
                said.edit(node.with_word(0, "off", Safety::Safe));
                if ng.sees(node) {
                    said.peer(Peer::Ng, "weak_ssl_tls", "preference");
                }
            }
        }
    });
}
