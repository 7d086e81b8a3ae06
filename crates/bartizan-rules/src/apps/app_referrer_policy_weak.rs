//! referrer_policy of http_security is neither same-origin nor no-referrer.

use crate::explanation::Platform::Akkoma;
use crate::explanation::Reference::Spec;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// The app tells other sites where visitors came from.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-referrer-policy-weak",
        title: "The app tells other sites where visitors came from",
        why: "With another policy, links to other sites carry the address of the page that the visitor came from. On \
              a social network that is who reads whom.",
        fix: &[(Akkoma, r#"config :pleroma, :http_security, referrer_policy: "same-origin""#)],
        references: &[Spec(
            "Akkoma: hardening your instance",
            "https://docs.akkoma.dev/stable/configuration/hardening/",
        )],
    },
    topic: Topic::Apps,
    severity: Severity::Low,
    bad: Example::File(Format::Elixir, r#"config :pleroma, :http_security, referrer_policy: "unsafe-url""#),
    good: Example::File(Format::Elixir, r#"config :pleroma, :http_security, referrer_policy: "same-origin""#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for elixir in facts.elixir() {
        let Some(policy) = elixir.get(":http_security", "referrer_policy") else { continue };
        if policy.text().is_some_and(|text| !["same-origin", "no-referrer"].contains(&text)) {
            let finding =
                findings.push(&RULE, &Provenance::File(policy.at.clone()), "referrer_policy lets addresses out");
            let replacement = "\"same-origin\"".to_owned();
            finding.edit(Edit { at: policy.at.clone(), replacement, safety: Safety::Safe });
        }
    }
}
