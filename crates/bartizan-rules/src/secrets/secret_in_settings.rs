//! A key or password is written out in Django settings.

use super::names::is_secret;
use crate::explanation::Platform::Django;
use crate::explanation::Reference::Cwe;
use crate::facts::django::{Item, Literal};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// A password stands in the settings.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "secret-in-settings",
        title: "A password stands in the settings",
        why: "Settings are kept with the code, and code is copied: into histories, images, backups and other \
              people's machines. Whoever has a copy has the password, and changing it means a release.",
        fix: &[(Django, r#""PASSWORD": os.environ["DATABASE_PASSWORD"]"#)],
        references: &[Cwe(798)],
    },
    topic: Topic::Secrets,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Django,
        r#"DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": "hunter2"}}"#,
    ),
    good: Example::File(
        Format::Django,
        r#"import os

DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "PASSWORD": os.environ["DATABASE_PASSWORD"]}}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for django in facts.django() {
        let mut places = Vec::new();
        for (name, setting) in django.outcomes.iter().flat_map(|outcome| &outcome.settings) {
            let mut found = Vec::new();
            // A key in a file that only the deployment has is where it belongs; among sources it is not.
            let is_own_key = &**name == "SECRET_KEY" || &**name == "SECRET_KEY_FALLBACKS";
            if !is_own_key || django.is_in_sources {
                search(name, &setting.item, 0, &mut found);
            }
            for (name, item) in found {
                if !places.contains(&item.at) {
                    places.push(item.at.clone());
                    findings.push(&RULE, &Provenance::File(item.at.clone()), format!("{name} is written out"));
                }
            }
        }
    }
}

fn search<'i>(name: &'i str, item: &'i Item, depth: u32, found: &mut Vec<(&'i str, &'i Item)>) {
    if depth > 8 {
        return;
    }
    match &item.value {
        Literal::Text(text) if is_secret(name) && !text.is_empty() && item.is_literal => found.push((name, item)),
        Literal::Dict(entries) => {
            for (key, value) in entries {
                search(key.value.text().unwrap_or_default(), value, depth + 1, found);
            }
        }
        value => {
            for item in value.items().unwrap_or_default() {
                search(name, item, depth + 1, found);
            }
        }
    }
}
