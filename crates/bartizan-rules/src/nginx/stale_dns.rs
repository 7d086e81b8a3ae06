//! The name of the app is resolved once.

use super::dns;
use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::facts::nginx::Peer;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// The name of the app is resolved once.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "stale-dns",
        title: "The name of the app is resolved once",
        why: "A name in proxy_pass is looked up when nginx starts, and never again. When its address changes, \
              requests go to whoever has the old one: with cloud providers that is another customer. A variable and a \
              resolver, or `resolve` in the upstream, ask again.",
        fix: &[(Nginx, "resolver 127.0.0.53;\nset $app backend.example.org;\nproxy_pass http://$app;")],
        references: &[
            Spec("nginx: resolve", "https://nginx.org/en/docs/http/ngx_http_upstream_module.html#resolve"),
            Spec("nginx: resolver", "https://nginx.org/en/docs/http/ngx_http_core_module.html#resolver"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        proxy_pass http://backend.example.org;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        proxy_pass http://127.0.0.1:8000;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        let groups = dns::Groups::of(nginx);
        let names = ["proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass"];
        for node in nginx.each_of(&names) {
            for (severity, words) in dns::by_ng(nginx.reader(Peer::Ng), node, &groups) {
                let said = seen.at(node, "its name is resolved when nginx starts, and not again");
                said.own("nginx:stale-dns").severity(severity).peer(Peer::Ng, "missing_resolver", words);
            }
            if let Some(words) = dns::by_next(nginx.reader(Peer::Next), node, &groups) {
                let said = seen.at(node, "its name is resolved when nginx starts, and not again");
                said.peer(Peer::Next, "stale_dns_cache", words);
            }
        }
    });
}
