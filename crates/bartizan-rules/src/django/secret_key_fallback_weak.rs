//! An entry of SECRET_KEY_FALLBACKS can be guessed.

use super::look::is_weak_key;
use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::django::Literal;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A fallback of the secret key can be guessed.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "secret-key-fallback-weak",
        title: "A fallback of the secret key can be guessed",
        why: "What was signed with a fallback key is accepted like what is signed with the present one. So one weak \
              old key is as good to an attacker as a weak new one, and an empty entry is the weakest of all.",
        fix: &[(Django, "SECRET_KEY_FALLBACKS = []")],
        references: &[
            Spec(
                "Django settings: SECRET_KEY_FALLBACKS",
                "https://docs.djangoproject.com/en/stable/ref/settings/#secret-key-fallbacks",
            ),
            Cwe(330),
        ],
    },
    topic: Topic::Django,
    severity: Severity::High,
    bad: Example::File(Format::Django, r#"SECRET_KEY_FALLBACKS = ["old"]"#),
    good: Example::File(Format::Django, "SECRET_KEY_FALLBACKS = []"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let fallbacks = outcome.value("SECRET_KEY_FALLBACKS").and_then(Literal::items).unwrap_or_default();
        let weak = fallbacks.iter().enumerate().filter(|(_, item)| is_weak_key(&item.value) == Ok(Some(true)));
        let hit = |(index, item): (usize, &crate::facts::django::Item)| {
            let at = item.at.clone();
            let message = format!("SECRET_KEY_FALLBACKS[{index}] is short or has hardly any different characters");
            Hit::at(at, message).id("security.W025").fix("SECRET_KEY_FALLBACKS = []")
        };
        let _ = django;
        weak.map(hit).collect()
    });
}
