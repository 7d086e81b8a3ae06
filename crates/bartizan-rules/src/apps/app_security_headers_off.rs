//! http_security is not enabled.

use crate::explanation::Platform::Akkoma;
use crate::explanation::Reference::Spec;
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// The app sends no security headers.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-security-headers-off",
        title: "The app sends no security headers",
        why: "The app's own policy, nosniff and frame headers are off then. What users write and upload is shown by \
              other users' browsers, and nothing keeps it from running.",
        fix: &[(Akkoma, "config :pleroma, :http_security, enabled: true")],
        references: &[Spec(
            "Akkoma: hardening your instance",
            "https://docs.akkoma.dev/stable/configuration/hardening/",
        )],
    },
    topic: Topic::Apps,
    severity: Severity::High,
    bad: Example::File(Format::Elixir, "config :pleroma, :http_security, enabled: false"),
    good: Example::File(Format::Elixir, "config :pleroma, :http_security, enabled: true"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for elixir in facts.elixir() {
        let Some(value) = elixir.get(":http_security", "enabled").filter(|value| Node::bool(value) == Some(false))
        else {
            continue;
        };
        let finding = findings.push(&RULE, &Provenance::File(value.at.clone()), "enabled is false");
        finding.edit(Edit { at: value.at.clone(), replacement: "true".to_owned(), safety: Safety::Safe });
    }
}
