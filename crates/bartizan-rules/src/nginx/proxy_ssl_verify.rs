//! The certificate of the app is not verified.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// The certificate of the app is not verified.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "proxy-ssl-verify",
        title: "The certificate of the app is not verified",
        why: "nginx speaks TLS to the app and takes any certificate. Whoever can answer in its place, on the same net \
              or by a changed name, reads and changes everything in between.",
        fix: &[(Nginx, "proxy_ssl_verify on;\nproxy_ssl_trusted_certificate /etc/ssl/certs/ca-certificates.crt;")],
        references: &[
            Spec(
                "nginx: proxy_ssl_verify",
                "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_ssl_verify",
            ),
            Cwe(295),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"server {
    location / {
        proxy_pass https://127.0.0.1:8443;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    location / {
        proxy_ssl_verify on;
        proxy_ssl_trusted_certificate /etc/ssl/ca.pem;
        proxy_pass https://127.0.0.1:8443;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in
            nginx.each("proxy_pass").filter(|node| node.arg(0).is_some_and(|target| target.starts_with("https://")))
        {
            let verify = node.effective("proxy_ssl_verify");
            if !verify.is_some_and(|verify| verify.says("on")) {
                let at = verify.filter(|verify| verify.parent() == node.parent()).unwrap_or(node);
                let said = seen.at(at, "any certificate is taken");
                said.own("nginx:proxy-ssl-verify");
            }
        }
    });
}
