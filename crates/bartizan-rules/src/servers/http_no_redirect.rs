//! Plain HTTP serves the site.

use crate::explanation::Platform::{Apache, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// Plain HTTP serves the site.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "http-no-redirect",
        title: "Plain HTTP serves the site",
        why: "Who types the name without https stays on HTTP, and with him all that he sends. Whoever sits on the \
              network reads and changes it. A redirect to HTTPS leaves only the first request open, and HSTS not even \
              that.",
        fix: &[
            (Apache, "Redirect permanent / https://www.example.org/"),
            (Nginx, "return 301 https://www.example.org$request_uri;"),
        ],
        references: &[
            Spec("nginx: return", "https://nginx.org/en/docs/http/ngx_http_rewrite_module.html#return"),
            Spec("Apache: Redirect", "https://httpd.apache.org/docs/2.4/mod/mod_alias.html#redirect"),
            Cwe(319),
        ],
    },
    topic: Topic::Servers,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Nginx,
        r"http {
    server {
        listen 443 ssl;
        server_name a.example;
    }
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
    }
    server {
        listen 80;
        server_name a.example;
        return 301 https://a.example$request_uri;
    }
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    sightings::nginx(&RULE, facts, findings, |nginx, seen| {
        if !nginx.servers().any(|server| server.is_tls()) {
            return;
        }
        for server in nginx
            .servers()
            .filter(|server| server.is_plain() && !server.is_tls() && !server.only_returns() && server.is_named())
        {
            seen.at(server.at, "served without TLS, though there is TLS").own("nginx:http-no-redirect");
        }
    });
    sightings::apache(&RULE, facts, findings, |apache, seen| {
        if !apache.servers().any(|server| server.is_tls()) {
            return;
        }
        for server in apache.servers().filter(|server| {
            server.is_plain() && !server.is_tls() && !server.redirects() && server.at().is("virtualhost")
        }) {
            seen.at(server.at(), "served without TLS, though there is TLS").own("apache:http-no-redirect");
        }
    });
}
