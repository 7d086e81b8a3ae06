//! Which versions of TLS are spoken is left open.

use super::tls;
use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::Spec;
use crate::facts::blocks::At;
use crate::facts::nginx::{Peer, Server};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Which versions of TLS are spoken is left open.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "tls-protocols-implicit",
        title: "Which versions of TLS are spoken is left open",
        why: "The default differs from version to version of the server and of its library: some still speak TLS 1.0. \
              What is written down stays as it is after an update or a move.",
        fix: &[(Apache, "SSLProtocol -all +TLSv1.2 +TLSv1.3"), (Nginx, "ssl_protocols TLSv1.2 TLSv1.3;")],
        references: &[
            Spec("nginx: ssl_protocols", "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_protocols"),
            Spec("Apache: SSLProtocol", "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html#sslprotocol"),
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
        const MESSAGE: &str = "ssl_protocols is not set";
        let cure = |server: At<'_>| server.with_child("ssl_protocols TLSv1.2 TLSv1.3;", Safety::Safe);
        let is_own = |server: &Server<'_>| server.is_tls() && server.at.effective("ssl_protocols").is_none();
        for Server { at, .. } in nginx.servers().filter(is_own) {
            seen.at(at, MESSAGE).own("nginx:tls-protocols-implicit").edit(cure(at));
        }
        for at in nginx.secure_for_ng().filter(|at| !tls::has_for_ng(nginx, *at, "ssl_protocols")) {
            seen.at(at, MESSAGE).peer(Peer::Ng, "weak_ssl_tls", "missing").cure(cure(at));
        }
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        for server in apache.servers().filter(|server| server.is_tls() && server.effective("sslprotocol").is_none()) {
            let said = seen.at(server.at(), "SSLProtocol is not set");
            said.own("apache:ssl-protocol-implicit")
                .edit(server.at().with_child("SSLProtocol -all +TLSv1.2 +TLSv1.3", Safety::Safe));
        }
    });
}
