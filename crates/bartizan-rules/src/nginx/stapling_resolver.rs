//! Stapling is on and nothing resolves the responder.

use super::stapling;
use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Stapling is on and nothing resolves the responder.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "stapling-resolver",
        title: "Stapling is on and nothing resolves the responder",
        why: "nginx asks the certificate authority itself, and needs a resolver for its name. Without one stapling \
              fails in silence: visitors ask the authority instead, which then knows whom they visit, and a \
              certificate that demands stapling is refused.",
        fix: &[(Nginx, "resolver 127.0.0.53;")],
        references: &[
            Spec("nginx: ssl_stapling", "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_stapling"),
            Spec("nginx: resolver", "https://nginx.org/en/docs/http/ngx_http_core_module.html#resolver"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        ssl_stapling on;
        ssl_stapling_verify on;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        ssl_stapling on;
        ssl_stapling_verify on;
        resolver 127.0.0.53;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for server in stapling::servers(nginx) {
            for peer in [Peer::Ng, Peer::Next] {
                let reader = nginx.reader(peer);
                let Some(node) =
                    stapling::effective(reader, server).filter(|node| node.says("on") && reader.sees(server))
                else {
                    continue;
                };
                let has = |name: &str| stapling::is_set(reader, server, name);
                let is_fixed = has("ssl_stapling_file") || stapling::has_address(server);
                if has("resolver") || (peer == Peer::Next && is_fixed) {
                    continue;
                }
                let said = seen.at(node, "no resolver is set here");
                if !is_fixed {
                    said.own("nginx:stapling-resolver");
                    said.edit(node.with_before(
                        "resolver 127.0.0.53;",
                        Safety::Risky("the machine itself must resolve names, as systemd-resolved does"),
                    ));
                }
                said.peer(peer, "ssl_stapling_without_resolver", "");
            }
        }
    });
}
