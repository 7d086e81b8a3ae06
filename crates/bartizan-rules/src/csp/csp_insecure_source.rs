//! The policy allows a source in the clear.

use bartizan_headers::csp::{Keyword, Policy, Source};

use super::weak_in_all;
use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The policy allows a source in the clear.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-insecure-source",
        title: "The policy allows a source in the clear",
        why: "A source with http: is fetched without protection where the page itself may be, and whoever sits \
              on the network replaces what comes. On a page over HTTPS browsers upgrade or block it, so at \
              best it is without effect. Without a scheme, a host means HTTPS here.",
        fix: &[
            (Apache, r#"Header always set Content-Security-Policy "img-src 'self' cdn.example""#),
            (Bartizan, "[[site]]\nprofile = \"strict\""),
            (Caddy, r#"header Content-Security-Policy "img-src 'self' cdn.example""#),
            (Django, r#"SECURE_CSP = {"img-src": [CSP.SELF, "cdn.example"]}"#),
            (
                Express,
                r#"app.use(helmet.contentSecurityPolicy({ directives: { imgSrc: ["'self'", "cdn.example"] } }))"#,
            ),
            (Haproxy, r#"http-response set-header Content-Security-Policy "img-src 'self' cdn.example""#),
            (Nginx, r#"add_header Content-Security-Policy "img-src 'self' cdn.example" always;"#),
        ],
        references: &[
            Spec("CSP Level 3, source lists", "https://www.w3.org/TR/CSP3/#framework-directive-source-list"),
            Cwe(319),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::Medium,
    bad: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: default-src 'self'; base-uri 'self'; img-src http://cdn.example",
    ),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: default-src 'self'; base-uri 'self'; img-src cdn.example",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.csp() {
        let Some(policies) = &seen.value.value else { continue };
        let mut told = Vec::new();
        let lists = policies.policies.iter().flat_map(Policy::directives);
        for directive in lists.filter(|directive| directive.value.sources().iter().any(is_plain)) {
            let weak = |sources: &[Source]| {
                let is_strict = sources.contains(&Source::Keyword(Keyword::StrictDynamic));
                sources.iter().find(|source| !is_strict && is_plain(source)).cloned()
            };
            let Some(place) = weak_in_all(policies, &directive.name, weak).filter(|place| !told.contains(place)) else {
                continue;
            };
            let finding = findings.push(&RULE, &seen.at, place.clone());
            if place.contains("http://") {
                finding.equivalent("csp_evaluator:SRC_HTTP");
            }
            told.push(place);
        }
    }
}

fn is_plain(source: &Source) -> bool {
    match source {
        Source::Host(host) => host.scheme.as_deref().is_some_and(|scheme| matches!(scheme, "http" | "ws" | "ftp")),
        Source::Scheme(scheme) => matches!(scheme.as_str(), "http" | "ws" | "ftp"),
        _ => false,
    }
}
