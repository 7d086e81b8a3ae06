//! An old protocol is spoken to the app.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Rfc, Spec};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// An old protocol is spoken to the app.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "proxy-ssl-protocols",
        title: "An old protocol is spoken to the app",
        why: "TLS 1.0 and 1.1 are broken in several ways, between nginx and the app as much as before nginx. Browsers \
              stopped to speak them in 2020.",
        fix: &[(Nginx, "proxy_ssl_protocols TLSv1.2 TLSv1.3;")],
        references: &[
            Spec(
                "nginx: proxy_ssl_protocols",
                "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ssl_protocols",
            ),
            Rfc(8996, ""),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        proxy_ssl_protocols TLSv1 TLSv1.2;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        proxy_ssl_protocols TLSv1.2 TLSv1.3;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx
            .each("proxy_ssl_protocols")
            .filter(|node| node.args().any(|arg| matches!(arg, "SSLv2" | "SSLv3" | "TLSv1" | "TLSv1.1")))
        {
            seen.at(node, "an old protocol is spoken to the app")
                .own("nginx:proxy-ssl-protocols")
                .edit(node.with_words("TLSv1.2 TLSv1.3", Safety::Safe));
        }
    });
}
