//! The policy lets any inline style apply.

use bartizan_headers::csp::{DirectiveName, Keyword, Source};

use super::weak_in_all;
use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The policy lets any inline style apply.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-style-unsafe-inline",
        title: "The policy lets any inline style apply",
        why: "Injected styles can lay something over the page, hide a warning, or read parts of the page \
              through the addresses of background pictures. They run no code. Many apps need inline styles, so \
              this is worth knowing rather than a fault.",
        fix: &[
            (Apache, r#"Header always set Content-Security-Policy "style-src 'self'""#),
            (Bartizan, "[[site]]\nprofile = \"strict\""),
            (Caddy, r#"header Content-Security-Policy "style-src 'self'""#),
            (Django, r#"SECURE_CSP = {"style-src": [CSP.SELF]}"#),
            (Express, r#"app.use(helmet.contentSecurityPolicy({ directives: { styleSrc: ["'self'"] } }))"#),
            (Haproxy, r#"http-response set-header Content-Security-Policy "style-src 'self'""#),
            (Nginx, r#"add_header Content-Security-Policy "style-src 'self'" always;"#),
        ],
        references: &[
            Spec("CSP Level 3, style-src", "https://www.w3.org/TR/CSP3/#directive-style-src"),
            Mdn("Content-Security-Policy/style-src"),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::Info,
    bad: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: default-src 'self'; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'self'",
    ),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: default-src 'self'; base-uri 'none'; form-action 'self'",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.csp() {
        let Some(policies) = &seen.value.value else { continue };
        let word = Source::Keyword(Keyword::UnsafeInline);
        let is_held = |source: &Source| matches!(source, Source::Nonce(_) | Source::Hash(..));
        let weak = |sources: &[Source]| (sources.contains(&word) && !sources.iter().any(is_held)).then(|| word.clone());
        if let Some(place) = weak_in_all(policies, &DirectiveName::StyleSrcElem, weak) {
            findings.push(&RULE, &seen.at, place);
        }
    }
}
