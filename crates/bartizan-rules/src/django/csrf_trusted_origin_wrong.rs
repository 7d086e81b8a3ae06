//! CSRF_TRUSTED_ORIGINS has an entry without scheme, over HTTP, or a wildcard of a top-level domain.

use super::weigh::{Hit, weigh};
use crate::explanation::Platform::Django;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::django::{Item, Literal};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A trusted origin is none, or is not safe to trust.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "csrf-trusted-origin-wrong",
        title: "A trusted origin is none, or is not safe to trust",
        why: "Django compares the Origin header with scheme and host, so that an entry without a scheme is an error \
              and trusts nobody. An entry over plain HTTP trusts whoever sits on the network. A wildcard trusts \
              every host below it, whoever runs it.",
        fix: &[(Django, r#"CSRF_TRUSTED_ORIGINS = ["https://www.example.org"]"#)],
        references: &[
            Spec(
                "Django settings: CSRF_TRUSTED_ORIGINS",
                "https://docs.djangoproject.com/en/stable/ref/settings/#csrf-trusted-origins",
            ),
            Cwe(346),
        ],
    },
    topic: Topic::Django,
    severity: Severity::Medium,
    bad: Example::File(Format::Django, r#"CSRF_TRUSTED_ORIGINS = ["http://www.example.org"]"#),
    good: Example::File(Format::Django, r#"CSRF_TRUSTED_ORIGINS = ["https://www.example.org"]"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    weigh(&RULE, facts, findings, |django, outcome| {
        let origins = outcome.value("CSRF_TRUSTED_ORIGINS").and_then(Literal::items).unwrap_or_default();
        let faulty = origins.iter().filter_map(|item| Some((item, fault(item.value.text()?)?)));
        let hit = |(item, fault): (&Item, String)| {
            Hit::at(item.at.clone(), fault).fix("CSRF_TRUSTED_ORIGINS = [\"https://www.example.org\"]")
        };
        let _ = django;
        faulty.map(hit).collect()
    });
}

/// Returns what is wrong with an entry.
fn fault(origin: &str) -> Option<String> {
    let Some((scheme, host)) = origin.split_once("://") else {
        return Some(format!("{origin:?} has no scheme, and Django refuses to start over it"));
    };
    if host.trim_matches(['*', '.']).is_empty() || (host.starts_with("*.") && host.matches('.').count() < 2) {
        return Some(format!("{origin:?} trusts the hosts of strangers"));
    }
    let is_local = host.starts_with("localhost") || host.starts_with("127.");
    (!scheme.eq_ignore_ascii_case("https") && !is_local)
        .then(|| format!("{origin:?} trusts whoever sits on the network"))
}
