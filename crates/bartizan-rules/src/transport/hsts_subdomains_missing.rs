//! HSTS does not cover the names below the host.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Rfc};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// HSTS does not cover the names below the host.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "hsts-subdomains-missing",
        title: "HSTS does not cover the names below the host",
        why: "A browser may still ask any name below the host in the clear, even one that does not exist. \
              Whoever answers there can set cookies for the whole domain, and so plant a session. It is to be \
              said only when every name below does speak HTTPS.",
        fix: &[
            (Apache, r#"Header always set Strict-Transport-Security "max-age=63072000; includeSubDomains""#),
            (Bartizan, "[site.headers]\nhsts = \"max-age=63072000; includeSubDomains\""),
            (Caddy, r#"header Strict-Transport-Security "max-age=63072000; includeSubDomains""#),
            (Django, "SECURE_HSTS_INCLUDE_SUBDOMAINS = True"),
            (Express, "app.use(helmet.strictTransportSecurity({ maxAge: 63072000, includeSubDomains: true }))"),
            (Haproxy, r#"http-response set-header Strict-Transport-Security "max-age=63072000; includeSubDomains""#),
            (Nginx, r#"add_header Strict-Transport-Security "max-age=63072000; includeSubDomains" always;"#),
        ],
        references: &[Rfc(6797, "11.4"), Mdn("Strict-Transport-Security")],
    },
    topic: Topic::Transport,
    severity: Severity::Info,
    bad: Example::Response("Strict-Transport-Security: max-age=63072000"),
    good: Example::Response("Strict-Transport-Security: max-age=63072000; includeSubDomains"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.hsts() {
        if seen.value.value.is_some_and(|hsts| !hsts.include_subdomains && !hsts.max_age.is_zero()) {
            findings.push(&RULE, &seen.at, "includeSubDomains is not said");
        }
    }
}
