//! DHE suites are listed and have no parameters.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// DHE suites are listed and have no parameters.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "dhparam-missing",
        title: "DHE suites are listed and have no parameters",
        why: "Without ssl_dhparam nginx offers no DHE suite at all, though the list says so. Whoever relies on them \
              gets others, or with an old version a group of 1024 bits that is broken.",
        fix: &[(Nginx, "ssl_dhparam /etc/ssl/dhparam.pem;")],
        references: &[
            Spec("nginx: ssl_dhparam", "https://nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_dhparam"),
            Cwe(326),
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
        ssl_ciphers DHE-RSA-AES128-GCM-SHA256;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("ssl_ciphers") {
            let list = node.arg(0).unwrap_or_default();
            let has_dhe = list.split([':', ',', ' ']).any(|name| {
                ["DHE-", "EDH-", "kEDH", "kDHE", "DHE+", "EDH+"].iter().any(|start| name.starts_with(start))
            });
            let scope = node.parent().unwrap_or(node);
            if has_dhe && scope.effective("ssl_dhparam").is_none() {
                let kept: Vec<_> =
                    list.split(':').filter(|name| !name.starts_with("DHE-") && !name.starts_with("EDH-")).collect();
                let said = seen.at(node, "ssl_dhparam is not set, so that nginx offers none of the DHE suites");
                said.own("nginx:dhparam-missing");
                if !kept.is_empty() && !list.contains('"') {
                    said.edit(node.with_word(0, &kept.join(":"), Safety::Safe));
                }
            }
        }
    });
}
