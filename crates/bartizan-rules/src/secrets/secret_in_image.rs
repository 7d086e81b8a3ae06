//! ENV or ARG of a Dockerfile holds a secret.

use super::names::is_secret;
use crate::explanation::Platform::Docker;
use crate::explanation::Reference::Cwe;
use crate::facts::setting::Carrier;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// A secret is baked into an image.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "secret-in-image",
        title: "A secret is baked into an image",
        why: "Whoever can pull the image reads its variables, and the history of its layers keeps them when a later \
              line takes them away. A secret belongs to the container that runs, not to the image.",
        fix: &[(Docker, "RUN --mount=type=secret,id=key ...")],
        references: &[Cwe(798)],
    },
    topic: Topic::Secrets,
    severity: Severity::High,
    bad: Example::File(Format::Dockerfile, "FROM python:3\nENV SECRET_KEY=abcdef"),
    good: Example::File(Format::Dockerfile, "FROM python:3\nENV DEBUG=False"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variables in facts.variables().filter(|variables| variables.carrier == Carrier::Dockerfile) {
        for variable in &variables.items {
            let is_written =
                variable.value.as_deref().is_some_and(|value| !value.is_empty() && !value.starts_with('$'));
            if is_written && is_secret(&variable.name) {
                let message = format!("{} is part of the image", variable.name);
                findings.push(&RULE, &Provenance::File(variable.at.clone()), message);
            }
        }
    }
}
