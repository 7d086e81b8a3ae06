//! A policy has CSP.NONCE, and no template has the context processor.

use super::look::{CSP, both, has_middleware, not};
use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Mdn, Spec};
use crate::facts::django::{Item, Literal, Outcome, Release};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The policy has a nonce that no template can use.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csp-setting-nonce-unused",
        title: "The policy has a nonce that no template can use",
        why: "The policy lets only scripts with the nonce of the request run. Templates learn it from the context \
              processor; without that, no inline script runs, and the next one to mend it writes 'unsafe-inline'.",
        fix: &[(
            Django,
            r#"TEMPLATES = [{"OPTIONS": {"context_processors": ["django.template.context_processors.csp"]}}]"#,
        )],
        references: &[
            Spec("Django: Content Security Policy", "https://docs.djangoproject.com/en/stable/ref/csp/"),
            Mdn("Content-Security-Policy"),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Low,
    bad: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.csp.ContentSecurityPolicyMiddleware"]
SECURE_CSP = {"script-src": ["<CSP_NONCE_SENTINEL>"]}"#,
    ),
    good: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.csp.ContentSecurityPolicyMiddleware"]
SECURE_CSP = {"script-src": ["'self'"]}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        if django.release < Release::V6_1 {
            return Vec::new();
        }
        let Some(name) = ["SECURE_CSP", "SECURE_CSP_REPORT_ONLY"].into_iter().find(|name| has_nonce(outcome, name))
        else {
            return Vec::new();
        };
        let is_faulty = both(has_middleware(outcome, CSP), not(has_processor(outcome)));
        if is_faulty == Some(false) {
            return Vec::new();
        }
        let hit = Hit::new(django, outcome, name, format!("no template has the nonce that {name} asks for"));
        vec![hit.id("security.W027").unless_known(is_faulty.is_some())]
    });
}

fn has_nonce(outcome: &Outcome, name: &str) -> bool {
    let Some(Literal::Dict(entries)) = outcome.value(name) else { return false };
    entries.iter().any(|(_, sources)| match &sources.value {
        // `in` finds a part of a text, too.
        Literal::Text(text) => text.contains(NONCE),
        Literal::Dict(entries) => entries.iter().any(|(key, _)| key.value.text() == Some(NONCE)),
        value => value.items().is_some_and(|items| items.iter().any(|item| item.value.text() == Some(NONCE))),
    })
}

fn has_processor(outcome: &Outcome) -> Option<bool> {
    let Some(templates) = outcome.value("TEMPLATES") else { return Some(false) };
    let Some(templates) = templates.items() else { return None };
    let has = |template: &Item| {
        let processors = template.value.entry("OPTIONS")?.value.entry("context_processors")?;
        if let Some(text) = processors.value.text() {
            return Some(text.contains(PROCESSOR));
        }
        let items = processors.value.items()?;
        Some(items.iter().any(|item| item.value.text() == Some(PROCESSOR)))
    };
    Some(templates.iter().any(|template| has(template) == Some(true)))
}

/// What `CSP.NONCE` is, until the middleware puts a nonce in its place.
const NONCE: &str = "<CSP_NONCE_SENTINEL>";
const PROCESSOR: &str = "django.template.context_processors.csp";
