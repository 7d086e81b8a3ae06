//! SecurityMiddleware does not come first.

use super::look::SECURITY;
use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::django::Literal;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// SecurityMiddleware comes after middleware that answers by itself.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "security-middleware-late",
        title: "SecurityMiddleware comes after middleware that answers by itself",
        why: "What an earlier middleware answers by itself passes SecurityMiddleware by. Such answers carry no HSTS \
              and are not redirected to HTTPS, and caches keep them.",
        fix: &[(Django, "MIDDLEWARE = [\n    \"django.middleware.security.SecurityMiddleware\",\n    # all others\n]")],
        references: &[
            Spec(
                "Django middleware: ordering",
                "https://docs.djangoproject.com/en/stable/ref/middleware/#middleware-ordering",
            ),
            Cwe(693),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Low,
    bad: Example::File(
        Format::Django,
        r#"MIDDLEWARE = [
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
]"#,
    ),
    good: Example::File(
        Format::Django,
        r#"MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.cache.UpdateCacheMiddleware",
]"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let middleware = outcome.value("MIDDLEWARE").and_then(Literal::items).unwrap_or_default();
        let Some(place) = middleware.iter().position(|item| item.value.text() == Some(SECURITY)) else {
            return Vec::new();
        };
        let before: Vec<&str> = middleware.iter().take(place).filter_map(|item| item.value.text()).collect();
        let Some(first) = before.iter().find(|path| !HARMLESS.iter().any(|known| path.contains(known))) else {
            return Vec::new();
        };
        let Some(item) = middleware.get(place) else { return Vec::new() };
        let _ = django;
        vec![Hit::at(item.at.clone(), format!("{first} answers before SecurityMiddleware sees the request"))]
    });
}

/// Middleware that is meant to come before, and answers nothing that matters.
const HARMLESS: &[&str] = &["allow_cidr", "corsheaders", "opentelemetry", "prometheus", "sentry", "health"];
