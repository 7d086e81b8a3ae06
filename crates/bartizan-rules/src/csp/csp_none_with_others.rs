//! 'none' stands beside other sources.

use bartizan_headers::csp::{Policy, Source};

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// 'none' stands beside other sources.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-none-with-others",
        title: "The source 'none' stands beside others",
        why: "Where anything stands beside it, browsers pass over 'none' and act on the rest. The directive \
              reads as if nothing were allowed, and something is. Whoever reviews it later is misled.",
        fix: &[
            (Apache, r#"Header always set Content-Security-Policy "object-src 'none'""#),
            (Bartizan, "[[site]]\nprofile = \"strict\""),
            (Caddy, r#"header Content-Security-Policy "object-src 'none'""#),
            (Django, r#"SECURE_CSP = {"object-src": [CSP.NONE]}"#),
            (Express, r#"app.use(helmet.contentSecurityPolicy({ directives: { objectSrc: ["'none'"] } }))"#),
            (Haproxy, r#"http-response set-header Content-Security-Policy "object-src 'none'""#),
            (Nginx, r#"add_header Content-Security-Policy "object-src 'none'" always;"#),
        ],
        references: &[
            Spec("CSP Level 3, 6.7.2", "https://www.w3.org/TR/CSP3/#match-url-to-source-list"),
            Mdn("Content-Security-Policy"),
        ],
    },
    topic: Topic::Csp,
    severity: Severity::Low,
    bad: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: default-src 'self'; base-uri 'none' 'self'; form-action 'self'",
    ),
    good: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: default-src 'self'; base-uri 'none'; form-action 'self'",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.csp() {
        let Some(policies) = &seen.value.value else { continue };
        for directive in policies.policies.iter().flat_map(Policy::directives) {
            let sources = directive.value.sources();
            if sources.contains(&Source::None) && sources.iter().any(|source| *source != Source::None) {
                findings.push(&RULE, &seen.at, directive.to_string());
            }
        }
    }
}
