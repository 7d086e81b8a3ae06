//! A file of secrets is world-readable.

use super::names::is_secret;
use crate::explanation::Platform::Environment;
use crate::explanation::Reference::Cwe;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// Anybody on the machine can read this file of secrets.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "secret-file-readable",
        title: "Anybody on the machine can read this file of secrets",
        why: "Every account on the machine, that of a broken-in web app among them, can read the passwords here. \
              Only the user that runs the app needs to.",
        fix: &[(Environment, "chmod 600 .env")],
        references: &[Cwe(732)],
    },
    topic: Topic::Secrets,
    severity: Severity::Medium,
    bad: Example::File(Format::Environment, "SECRET_KEY=3c1f9e27d58b4a60"),
    good: Example::File(Format::Environment, "DEBUG=False"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for variables in facts.variables().filter(|variables| variables.is_world_readable) {
        if variables.items.iter().any(|variable| is_secret(&variable.name)) {
            let message = "everybody on this machine may read the secrets in this file";
            findings.push(&RULE, &Provenance::File(variables.start.clone()), message);
        }
    }
}
