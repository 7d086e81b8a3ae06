//! environment of a service holds a secret.

use super::names::is_secret;
use crate::explanation::Platform::Docker;
use crate::explanation::Reference::Cwe;
use crate::facts::setting::Carrier;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// A secret stands in a Compose file.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "secret-in-compose",
        title: "A secret stands in a Compose file",
        why: "Compose files are kept with the code and shown by every tool that lists containers. A file of \
              variables or a secret of Compose keeps the value out of both.",
        fix: &[(Docker, "env_file: [.env]")],
        references: &[Cwe(798)],
    },
    topic: Topic::Secrets,
    severity: Severity::Medium,
    bad: Example::File(Format::Compose, "services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: hunter2"),
    good: Example::File(
        Format::Compose,
        "services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD}",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variables in facts.variables().filter(|variables| variables.carrier == Carrier::Compose) {
        for variable in &variables.items {
            if variable.value.as_deref().is_some_and(|value| !value.is_empty()) && is_secret(&variable.name) {
                let message = format!("{} is written out", variable.name);
                findings.push(&RULE, &Provenance::File(variable.at.clone()), message);
            }
        }
    }
}
