//! Early data is taken and the app is not told.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Rfc, Spec};
use crate::facts::blocks::At;

use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Early data is taken and the app is not told.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "early-data",
        title: "Early data is taken and the app is not told",
        why: "What is sent with the first flight of TLS 1.3 can be sent again by anybody who recorded it: an order is \
              placed twice. An app that is told with Early-Data can answer 425 and have it sent again safely.",
        fix: &[(Nginx, "proxy_set_header Early-Data $ssl_early_data;")],
        references: &[
            Rfc(8470, "5.1"),
            Spec("nginx: ssl_early_data", "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_early_data"),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_early_data on;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_early_data on;
        proxy_set_header Early-Data $ssl_early_data;
        location / {
            proxy_pass http://127.0.0.1:8000;
        }
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("ssl_early_data").filter(|node| node.says("on")) {
            let scope = node.parent().unwrap_or(node);
            let is_told = |header: At<'_>| {
                matches!(header.name(), "proxy_set_header" | "grpc_set_header") && header.says("early-data")
            };
            if !scope.scopes().flat_map(At::children).chain(scope.descendants()).any(is_told) {
                let said = seen.at(node, "no Early-Data is passed on");
                said.own("nginx:early-data").edit(node.with_word(0, "off", Safety::Safe));
            }
        }
    });
}
