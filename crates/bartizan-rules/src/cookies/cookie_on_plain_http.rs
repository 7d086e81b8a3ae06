//! A cookie is set over plain HTTP.

use bartizan_headers::{Field, SetCookie};

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Rfc};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A cookie is set over plain HTTP.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cookie-on-plain-http",
        title: "A cookie is set over plain HTTP",
        why: "Whoever sits on the network reads it as it is set, and can set another in its place. A browser \
              that has it sends it in the clear again. The redirect to HTTPS should set nothing.",
        fix: &[
            (Apache, "RewriteEngine On\nRewriteRule ^ https://%{HTTP_HOST}%{REQUEST_URI} [R=308,L]"),
            (Bartizan, "[site.https]\nredirect = \"permanent\""),
            (Caddy, "# Caddy redirects by itself: write the name without http://"),
            (Django, "SECURE_SSL_REDIRECT = True"),
            (
                Express,
                "app.use((req, res, next) => req.secure ? next() : res.redirect(308, `https://${req.hostname}${req.originalUrl}`))",
            ),
            (Haproxy, "http-request redirect scheme https code 308 unless { ssl_fc }"),
            (Nginx, "return 308 https://$host$request_uri;"),
        ],
        references: &[Cwe(614), Rfc(6265, "8.3")],
    },
    topic: Topic::Cookies,
    severity: Severity::Low,
    bad: Example::Exchange(
        "> GET http://app.example/\n< 301\n< Location: https://app.example/\n< Set-Cookie: seen=1\n> GET https://app.example/\n< 200",
    ),
    good: Example::Exchange(
        "> GET http://app.example/\n< 301\n< Location: https://app.example/\n> GET https://app.example/\n< 200",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for response in facts.chains().iter().flat_map(|chain| &chain.responses).filter(|one| !one.is_secure()) {
        for cookie in response.lines("set-cookie").filter_map(|line| SetCookie::parse(&[line]).value) {
            if !cookie.is_removal() {
                findings.push(&RULE, &response.at(), format!("cookie {:?}", cookie.name()));
            }
        }
    }
}
