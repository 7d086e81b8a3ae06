//! SECURE_CROSS_ORIGIN_OPENER_POLICY holds an unknown word.

use super::look::{SECURITY, both, has_middleware};
use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Mdn, Spec};
use crate::facts::django::Literal;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// The opener policy is not one that Django takes.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "opener-policy-setting-unknown",
        title: "The opener policy is not one that Django takes",
        why: "Django stops its checks over such a value, and browsers ignore the header. Then a page that opened the \
              site keeps a hold on its window and can lead it elsewhere.",
        fix: &[(Django, r#"SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin""#)],
        references: &[
            Spec(
                "Django settings: SECURE_CROSS_ORIGIN_OPENER_POLICY",
                "https://docs.djangoproject.com/en/stable/ref/settings/#secure-cross-origin-opener-policy",
            ),
            Mdn("Cross-Origin-Opener-Policy"),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
SECURE_CROSS_ORIGIN_OPENER_POLICY = "cross-origin""#,
    ),
    good: Example::File(
        Format::Django,
        r#"MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin""#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let name = "SECURE_CROSS_ORIGIN_OPENER_POLICY";
        let is_wrong = match outcome.value(name) {
            None | Some(Literal::None) => Some(false),
            Some(Literal::Unknown | Literal::Other(_)) => None,
            Some(value) => Some(!value.text().is_some_and(|text| KNOWN.contains(&text))),
        };
        // What comes from elsewhere is most likely one of the three words.
        if both(has_middleware(outcome, SECURITY), is_wrong) != Some(true) {
            return Vec::new();
        }
        let hit = Hit::new(django, outcome, name, "SECURE_CROSS_ORIGIN_OPENER_POLICY is none of the three policies");
        let risk = Safety::Risky("windows that the site opens on other origins lose their hold on it");
        vec![hit.id("security.E024").set(django, outcome, name, "\"same-origin\"", risk)]
    });
}

/// What Django takes; `noopener-allow-popups` is not among it.
const KNOWN: &[&str] = &["same-origin", "same-origin-allow-popups", "unsafe-none"];
