//! The policy uses a directive that browsers no longer know.

use crate::explanation::Platform::{Apache, Bartizan, Caddy, Django, Express, Haproxy, Nginx};
use crate::explanation::Reference::{Mdn, Spec};
use crate::sightings;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// The policy uses a directive that browsers no longer know.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-directive-gone",
        title: "The policy uses a directive that browsers no longer know",
        why: "The directive has left the standard, and browsers pass over it. What it was meant to do is not \
              done; most have a successor in a header of its own.",
        fix: &[
            (Apache, r#"Header always set Content-Security-Policy "upgrade-insecure-requests""#),
            (Bartizan, "[[site]]\nprofile = \"strict\""),
            (Caddy, r#"header Content-Security-Policy "upgrade-insecure-requests""#),
            (Django, r#"SECURE_CSP = {"upgrade-insecure-requests": True}"#),
            (Express, "app.use(helmet.contentSecurityPolicy({ directives: { upgradeInsecureRequests: [] } }))"),
            (Haproxy, r#"http-response set-header Content-Security-Policy "upgrade-insecure-requests""#),
            (Nginx, r#"add_header Content-Security-Policy "upgrade-insecure-requests" always;"#),
        ],
        references: &[Spec("CSP Level 3", "https://www.w3.org/TR/CSP3/"), Mdn("Content-Security-Policy")],
    },
    topic: Topic::Csp,
    severity: Severity::Info,
    bad: Example::Response(
        "Content-Type: text/html\nContent-Security-Policy: default-src 'self'; base-uri 'self'; plugin-types application/pdf",
    ),
    good: Example::Response("Content-Type: text/html\nContent-Security-Policy: default-src 'self'; base-uri 'self'"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    check_site(facts, findings);
    check_files(facts, findings);
}

fn check_site(facts: &Facts, findings: &mut Findings) {
    for seen in facts.csp() {
        let Some(policies) = &seen.value.value else { continue };
        for policy in &policies.policies {
            for directive in policy.directives() {
                let name = directive.name.as_str();
                if let Some(instead) = instead_of(name) {
                    findings.push(&RULE, &seen.at, format!("{name}: {instead}"));
                }
            }
        }
    }
}

/// What a configuration says before anybody asks.
fn check_files(facts: &Facts, findings: &mut Findings) {
    sightings::lines(&RULE, facts, findings, |line, seen| {
        let gone: Vec<_> = directives(&line.value).filter(|directive| is_gone(directive)).collect();
        if line.name.starts_with("content-security-policy") && !gone.is_empty() {
            let kept: Vec<_> = directives(&line.value).filter(|directive| !is_gone(directive)).collect();
            seen.at(line.node(), format_args!("gone: {}", gone.join(", ")))
                .own(line.authority.id("csp-deprecated-directive"))
                .edit(line.with_value(&kept.join("; "), Safety::Safe));
        }
    });
}

fn directives(policy: &str) -> impl Iterator<Item = &str> {
    policy.split(';').map(str::trim).filter(|directive| !directive.is_empty())
}

fn is_gone(directive: &str) -> bool {
    let name = directive.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    instead_of(&name).is_some()
}

fn instead_of(name: &str) -> Option<&'static str> {
    GONE.iter().find(|(gone, _)| *gone == name).map(|(_, instead)| *instead)
}

/// What is gone, and what to use instead.
const GONE: &[(&str, &str)] = &[
    ("block-all-mixed-content", "browsers upgrade or block by themselves; upgrade-insecure-requests for the rest"),
    ("disown-opener", "Cross-Origin-Opener-Policy"),
    ("navigate-to", "form-action for forms; links cannot be limited"),
    ("plugin-types", "object-src 'none'"),
    ("prefetch-src", "default-src"),
    ("referrer", "Referrer-Policy"),
    ("reflected-xss", "nothing: the filter that it steered is gone"),
    ("require-sri-for", "Integrity-Policy"),
];
