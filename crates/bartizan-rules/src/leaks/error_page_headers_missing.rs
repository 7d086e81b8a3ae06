//! Error pages come without the headers of the site.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::Response;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Error pages come without the headers of the site.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "error-page-headers-missing",
        title: "Error pages come without the headers of the site",
        why: "Servers leave headers out of answers with an error unless they are told otherwise. An error page \
              often shows part of the address, and is the very page on which an injected script would need to \
              be stopped. A link can lead to it as to any other.",
        fix: &[
            (Apache, r#"Header always set Content-Security-Policy "default-src 'self'""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, "handle_errors {\n    header Content-Security-Policy \"default-src 'self'\"\n}"),
            (Django, "# Set headers in a middleware: it sees error pages, too."),
            (Express, "app.use(helmet())  // before all routes"),
            (
                Haproxy,
                "http-response set-header Content-Security-Policy \"default-src 'self'\"\nhttp-after-response set-header Content-Security-Policy \"default-src 'self'\"",
            ),
            (Nginx, r#"add_header Content-Security-Policy "default-src 'self'" always;"#),
        ],
        references: &[
            Cwe(693),
            Spec("nginx, add_header", "https://nginx.org/en/docs/http/ngx_http_headers_module.html#add_header"),
        ],
    },
    topic: Topic::Leaks,
    severity: Severity::Low,
    bad: Example::Exchange(
        "> GET https://app.example/\n< 200\n< Content-Type: text/html\n< Content-Security-Policy: default-src 'self'\n> GET https://app.example/no-such-page\n< 404\n< Content-Type: text/html\n<\n< Not Found",
    ),
    good: Example::Exchange(
        "> GET https://app.example/\n< 200\n< Content-Type: text/html\n< Content-Security-Policy: default-src 'self'\n> GET https://app.example/no-such-page\n< 404\n< Content-Type: text/html\n< Content-Security-Policy: default-src 'none'\n<\n< Not Found",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for page in facts.error_pages() {
        let is_alike = |response: &Response| response.url().origin() == page.url().origin();
        let Some(site) = facts.documents().find(|seen| is_alike(&seen.value)) else { continue };
        let is_lost = |name: &&&str| site.value.has(name) && !page.has(name);
        // What limits a page matters only where there is one.
        let names = if page.is_document() { ON_PAGES } else { ON_ALL };
        let lost: Vec<_> = names.iter().filter(is_lost).copied().collect();
        if !lost.is_empty() {
            let status = page.status().as_u16();
            findings.push(&RULE, &page.at(), format!("status {status} lacks {}", lost.join(", ")));
        }
    }
}

/// Headers that an answer of any kind needs.
const ON_ALL: &[&str] = &["strict-transport-security", "x-content-type-options"];

/// Headers that a page needs.
const ON_PAGES: &[&str] = &[
    "content-security-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
];
