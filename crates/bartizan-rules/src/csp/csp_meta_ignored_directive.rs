//! A policy in `<meta>` has a directive that only a header can have.

use bartizan_headers::Field;
use bartizan_headers::csp::{DirectiveName, PolicyList};

use crate::Provenance;
use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A policy in `<meta>` has a directive that only a header can have.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-meta-ignored-directive",
        title: "A policy in <meta> has a directive that only a header can have",
        why: "Browsers pass over frame-ancestors, report-uri and sandbox in a <meta> element. So the page can \
              be framed, or reports nothing, although its source says otherwise. In a header they work.",
        fix: &[
            (Apache, r#"Header always set Content-Security-Policy "frame-ancestors 'self'""#),
            (Bartizan, "[[site]]\nprofile = \"balanced\""),
            (Caddy, r#"header Content-Security-Policy "frame-ancestors 'self'""#),
            (Django, r#"SECURE_CSP = {"frame-ancestors": [CSP.SELF]}"#),
            (Express, r#"app.use(helmet.contentSecurityPolicy({ directives: { frameAncestors: ["'self'"] } }))"#),
            (Haproxy, r#"http-response set-header Content-Security-Policy "frame-ancestors 'self'""#),
            (Nginx, r#"add_header Content-Security-Policy "frame-ancestors 'self'" always;"#),
        ],
        references: &[
            Spec("CSP Level 3, the meta element", "https://www.w3.org/TR/CSP3/#meta-element"),
            Mdn("Content-Security-Policy"),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::Low,
    bad: Example::Page(r#"<head><meta http-equiv="Content-Security-Policy" content="frame-ancestors 'self'"></head>"#),
    good: Example::Page(r#"<head><meta http-equiv="Content-Security-Policy" content="default-src 'self'"></head>"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for page in facts.pages() {
        let at = Provenance::Live { url: page.url.clone() };
        for meta in page.meta_headers("content-security-policy") {
            let Some(policies) = PolicyList::parse(&[&meta.content]).value else { continue };
            for name in [DirectiveName::FrameAncestors, DirectiveName::ReportUri, DirectiveName::Sandbox] {
                if policies.policies.iter().any(|policy| policy.has(&name)) {
                    findings.push(&RULE, &at, format!("{name} in <meta>"));
                }
            }
        }
    }
}
