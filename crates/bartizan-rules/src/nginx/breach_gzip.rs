//! Pages over TLS are compressed.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cve, Spec};
use crate::facts::blocks::At;

use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Pages over TLS are compressed.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "breach-gzip",
        title: "Pages over TLS are compressed",
        why: "When a page holds a secret and something that the visitor sent, its compressed length tells how alike \
              both are. An attacker who makes the browser ask often enough reads a token letter by letter (BREACH). \
              Files without secrets may be compressed.",
        fix: &[(
            Nginx,
            "gzip_types text/css application/javascript image/svg+xml;\ngzip off;  # for pages, in their location",
        )],
        references: &[
            Cve("CVE-2013-3587"),
            Spec("nginx: gzip", "https://nginx.org/en/docs/http/ngx_http_gzip_module.html#gzip"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Low,
    bad: Example::File(
        Format::Nginx,
        r"http {
    gzip on;
    server {
        listen 443 ssl;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    gzip off;
    server {
        listen 443 ssl;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("gzip").filter(|node| node.says("on")) {
            let scope = node.parent().unwrap_or(node);
            let is_inside = |server: At<'_>| {
                server == scope
                    || server.parents().any(|parent| parent == scope)
                    || scope.parents().any(|parent| parent == server)
            };
            if nginx.servers().any(|server| server.is_tls() && is_inside(server.at)) {
                let said = seen.at(node, "answers over TLS are compressed, pages among them");
                said.own("nginx:breach-gzip").edit(node.with_word(
                    0,
                    "off",
                    Safety::Risky("pages and files become larger"),
                ));
            }
        }
    });
}
