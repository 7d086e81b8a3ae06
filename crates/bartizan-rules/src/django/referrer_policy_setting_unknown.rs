//! SECURE_REFERRER_POLICY holds an unknown word.

use super::look::{SECURITY, has_middleware};
use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Mdn, Spec};
use crate::facts::django::Literal;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// The referrer policy is not one that browsers know.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "referrer-policy-setting-unknown",
        title: "The referrer policy is not one that browsers know",
        why: "Browsers skip words that they do not know, letter for letter, and take the last one that they do. \
              Where none is left, the visitor's address goes to other sites as if nothing had been set.",
        fix: &[(Django, r#"SECURE_REFERRER_POLICY = "same-origin""#)],
        references: &[
            Spec(
                "Django settings: SECURE_REFERRER_POLICY",
                "https://docs.djangoproject.com/en/stable/ref/settings/#secure-referrer-policy",
            ),
            Mdn("Referrer-Policy"),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
SECURE_REFERRER_POLICY = "always""#,
    ),
    good: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
SECURE_REFERRER_POLICY = "no-referrer, strict-origin""#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let name = "SECURE_REFERRER_POLICY";
        if has_middleware(outcome, SECURITY) == Some(false) {
            return Vec::new();
        }
        let is_wrong = |text: &str| !KNOWN.contains(&text);
        let is_faulty = match outcome.value(name) {
            None | Some(Literal::None | Literal::Unknown | Literal::Other(_)) => false,
            Some(Literal::Text(text)) => text.split(',').any(|word| is_wrong(word.trim())),
            Some(Literal::Dict(entries)) => entries.iter().any(|(key, _)| key.value.text().is_none_or(is_wrong)),
            Some(Literal::Bytes(bytes)) => !bytes.is_empty(),
            Some(value) => {
                let mut items = value.items().unwrap_or_default().iter().filter(|item| item.value != Literal::Unknown);
                items.any(|item| item.value.text().is_none_or(is_wrong))
            }
        };
        if !is_faulty {
            return Vec::new();
        }
        let hit = Hit::new(django, outcome, name, "SECURE_REFERRER_POLICY holds a word that is no policy");
        let is_known = has_middleware(outcome, SECURITY).is_some();
        let hit = hit.id("security.E023").set(django, outcome, name, "\"same-origin\"", Safety::Safe);
        vec![hit.unless_known(is_known)]
    });
}

/// The policies, as browsers spell them.
const KNOWN: &[&str] = &[
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
];
