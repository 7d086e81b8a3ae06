//! Error pages of the app reach visitors.

use super::proxied;
use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// Error pages of the app reach visitors.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "proxy-intercept-errors",
        title: "Error pages of the app reach visitors",
        why: "When the app fails, its own page is passed on. In the worst case it shows source and settings, and it \
              is unlikely to look like the site.",
        fix: &[(Nginx, "proxy_intercept_errors on;\nerror_page 500 502 503 504 /error.html;")],
        references: &[
            Spec(
                "nginx: proxy_intercept_errors",
                "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_intercept_errors",
            ),
            Cwe(209),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        proxy_pass http://127.0.0.1:8000;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    error_page 500 502 503 504 /error.html;
    location / {
        proxy_intercept_errors on;
        proxy_pass http://127.0.0.1:8000;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("proxy_pass").filter(|node| proxied::is_plain(*node)) {
            if node.effective("proxy_intercept_errors").is_none() {
                seen.at(node, "what the app answers when it fails is passed on").own("nginx:proxy-intercept-errors");
            }
        }
    });
}
