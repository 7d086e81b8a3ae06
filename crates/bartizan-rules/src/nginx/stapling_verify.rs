//! Stapled answers are not verified.

use super::stapling;
use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// Stapled answers are not verified.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "stapling-verify",
        title: "Stapled answers are not verified",
        why: "nginx passes on whatever answer it got for the certificate. A wrong one makes browsers refuse the site \
              until it expires; with verification nginx drops it and staples none.",
        fix: &[(Nginx, "ssl_stapling_verify on;")],
        references: &[Spec(
            "nginx: ssl_stapling_verify",
            "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_stapling_verify",
        )],
    },
    topic: Topic::Nginx,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_stapling on;
        resolver 127.0.0.53;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
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
            let Some(node) = server.effective("ssl_stapling").filter(|node| node.says("on")) else { continue };
            if !server.effective("ssl_stapling_verify").is_some_and(|node| node.says("on")) {
                let said = seen.at(node, "ssl_stapling_verify is not on");
                said.own("nginx:stapling-verify").edit(node.with_after("ssl_stapling_verify on;", Safety::Safe));
            }
        }
    });
}
