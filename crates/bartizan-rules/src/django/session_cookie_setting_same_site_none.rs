//! SESSION_COOKIE_SAMESITE is None or False.

use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::django::Literal;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Safety, Severity, Topic};

/// The session cookie goes along with requests from other sites.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "session-cookie-setting-same-site-none",
        title: "The session cookie goes along with requests from other sites",
        why: "With SameSite None, or without SameSite at all, the login goes along when another site sends a form or \
              loads an image from yours. That is what forged requests live on, and Django's default Lax prevents.",
        fix: &[(Django, r#"SESSION_COOKIE_SAMESITE = "Lax""#)],
        references: &[
            Spec(
                "Django settings: SESSION_COOKIE_SAMESITE",
                "https://docs.djangoproject.com/en/stable/ref/settings/#session-cookie-samesite",
            ),
            Cwe(1275),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Medium,
    bad: Example::File(Format::Django, r#"SESSION_COOKIE_SAMESITE = "None""#),
    good: Example::File(Format::Django, r#"SESSION_COOKIE_SAMESITE = "Lax""#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let name = "SESSION_COOKIE_SAMESITE";
        let is_open = match outcome.value(name) {
            Some(Literal::Text(text)) => text.eq_ignore_ascii_case("none"),
            Some(Literal::Bool(false) | Literal::None) => true,
            _ => false,
        };
        if !is_open {
            return Vec::new();
        }
        let hit = Hit::new(django, outcome, name, "SESSION_COOKIE_SAMESITE lets other sites send the cookie");
        let risk = Safety::Risky("logins within frames or forms of other sites stop working");
        vec![hit.set(django, outcome, name, "\"Lax\"", risk)]
    });
}
