//! Errors of the app are caught and no page is there.

use crate::explanation::Platform::Nginx;
use crate::explanation::Reference::Spec;
use crate::sightings::nginx;
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Severity, Topic};

/// Errors of the app are caught and no page is there.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "error-page-missing",
        title: "Errors of the app are caught and no page is there",
        why: "proxy_intercept_errors hands over only those errors that an error_page names. Without one it changes \
              nothing, and the pages of the app are passed on as before.",
        fix: &[(Nginx, "error_page 500 502 503 504 /error.html;")],
        references: &[
            Spec("nginx: error_page", "https://nginx.org/en/docs/http/ngx_http_core_module.html#error_page"),
            Spec(
                "nginx: proxy_intercept_errors",
                "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_intercept_errors",
            ),
        ],
    },
    topic: Topic::Nginx,
    severity: Severity::Info,
    bad: Example::File(
        Format::Nginx,
        r"server {
    proxy_intercept_errors on;
}",
    ),
    good: Example::File(
        Format::Nginx,
        r"server {
    proxy_intercept_errors on;
    error_page 500 502 503 504 /error.html;
}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    nginx(&RULE, facts, findings, |nginx, seen| {
        for node in nginx.each("proxy_intercept_errors").filter(|node| node.says("on")) {
            let scope = node.parent().unwrap_or(node);
            let has_page = scope.effective("error_page").is_some()
                || scope.descendants().iter().any(|inner| inner.is("error_page"));
            if !has_page {
                // Only the operator has a page: without the directive, what the app says would be passed on.
                seen.at(node, "no error_page is set here").own("nginx:error-page-missing");
            }
        }
    });
}
