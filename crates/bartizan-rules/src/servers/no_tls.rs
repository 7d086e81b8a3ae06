//! The site speaks no TLS.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// The site speaks no TLS.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "no-tls",
        title: "The site speaks no TLS",
        why: "All that visitors send and see can be read and changed by anybody between: passwords, cookies, the page \
              itself. No other protection holds without TLS.",
        fix: &[(Apache, "<VirtualHost *:443>\n    SSLEngine on"), (Nginx, "listen 443 ssl;")],
        references: &[
            Spec("nginx: listen", "https://nginx.org/en/docs/http/ngx_http_core_module.html#listen"),
            Cwe(319),
        ],
    },
    topic: Topic::Servers,
    severity: Severity::High,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 80;
        server_name a.example;
        root /srv/www;
    }
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
        root /srv/www;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        if nginx.servers().any(|server| server.is_tls()) || nginx.http().is_none() {
            return;
        }
        for server in nginx.servers().filter(|server| server.is_plain() && server.is_named() && !server.only_returns())
        {
            seen.at(server.at, "no server of this configuration speaks TLS").own("nginx:no-tls");
        }
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        if apache.servers().any(|server| server.is_tls()) || !apache.is_whole() {
            return;
        }
        for server in apache.servers().filter(|server| server.is_plain() && !server.redirects()) {
            seen.at(server.at(), "no server of this configuration speaks TLS").own("apache:no-tls");
        }
    });
}
