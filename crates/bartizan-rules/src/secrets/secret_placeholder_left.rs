//! A placeholder of an example file, or a password that everybody knows.

use super::names::is_secret;
use crate::explanation::Platform::Environment;
use crate::explanation::Reference::Cwe;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// A secret is still the one that was shipped.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "secret-placeholder-left",
        title: "A secret is still the one that was shipped",
        why: "Example files are public, and what stands in them is tried first. A placeholder that was never \
              replaced is a password that everybody has.",
        fix: &[(Environment, "SECRET_KEY=$(openssl rand -hex 32)")],
        references: &[Cwe(798)],
    },
    topic: Topic::Secrets,
    severity: Severity::High,
    bad: Example::File(Format::Environment, "POSTGRES_PASSWORD=changeme"),
    good: Example::File(Format::Environment, "POSTGRES_PASSWORD=3c1f9e27d58b4a60"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variables in facts.variables() {
        for variable in &variables.items {
            let Some(value) = variable.value.as_deref() else { continue };
            let is_template = value.starts_with("{%") && value.ends_with('}');
            if is_template || (is_secret(&variable.name) && is_known(value)) {
                let message = format!("{} has a value that everybody knows", variable.name);
                findings.push(&RULE, &Provenance::File(variable.value_at.clone()), message);
            }
        }
    }
}

fn is_known(value: &str) -> bool {
    let value = value.to_lowercase();
    let is_between = |open, close| value.starts_with(open) && value.ends_with(close);
    KNOWN.contains(&&*value)
        || value.starts_with("django-insecure-")
        || is_between('<', '>')
        || value.contains("change")
        || value.starts_with("your-")
        || value.starts_with("your_")
}

/// What example files and tutorials have in the place of a secret.
const KNOWN: &[&str] = &[
    "123456", "admin", "default", "dev", "example", "guest", "openkat", "pass", "password", "postgres", "root",
    "secret", "test", "todo", "xxx",
];
