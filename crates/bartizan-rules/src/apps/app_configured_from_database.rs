//! configurable_from_database is true.

use crate::explanation::Platform::Akkoma;
use crate::explanation::Reference::Spec;
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// The database overrides this file.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-configured-from-database",
        title: "The database overrides this file",
        why: "What stands in the database wins over this file, so that a setting that looks safe here may be \
              another. Whoever gets an administrator's account can change it without a trace in the file.",
        fix: &[(Akkoma, "config :pleroma, configurable_from_database: false")],
        references: &[Spec(
            "Akkoma: hardening your instance",
            "https://docs.akkoma.dev/stable/configuration/hardening/",
        )],
    },
    topic: Topic::Apps,
    severity: Severity::Info,
    bad: Example::File(Format::Elixir, "config :pleroma, configurable_from_database: true"),
    good: Example::File(Format::Elixir, "config :pleroma, configurable_from_database: false"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for elixir in facts.elixir() {
        let value =
            elixir.get("", "configurable_from_database").or_else(|| elixir.get(":configurable_from_database", ""));
        if let Some(value) = value.filter(|value| Node::bool(value) == Some(true)) {
            findings.push(&RULE, &Provenance::File(value.at.clone()), "settings of the database win over this file");
        }
    }
}
