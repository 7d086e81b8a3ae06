//! registrations_open without account_approval_required.

use crate::explanation::Platform::Akkoma;
use crate::explanation::Reference::Spec;
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// Anybody can have an account at once.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-registrations-unchecked",
        title: "Anybody can have an account at once",
        why: "Open registration without approval is found by machines within days. Their accounts send spam in the \
              instance's name, and other instances block it.",
        fix: &[(Akkoma, "config :pleroma, :instance, registrations_open: true, account_approval_required: true")],
        references: &[Spec(
            "Akkoma: hardening your instance",
            "https://docs.akkoma.dev/stable/configuration/hardening/",
        )],
    },
    topic: Topic::Apps,
    severity: Severity::Info,
    bad: Example::File(Format::Elixir, "config :pleroma, :instance, registrations_open: true"),
    good: Example::File(
        Format::Elixir,
        "config :pleroma, :instance, registrations_open: true, account_approval_required: true",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for elixir in facts.elixir() {
        let is_on = |name: &str| elixir.get(":instance", name).and_then(Node::bool) == Some(true);
        let Some(open) = elixir.get(":instance", "registrations_open").filter(|open| Node::bool(open) == Some(true))
        else {
            continue;
        };
        if !is_on("account_approval_required") {
            findings.push(&RULE, &Provenance::File(open.at.clone()), "accounts are open, and nobody approves them");
        }
    }
}
