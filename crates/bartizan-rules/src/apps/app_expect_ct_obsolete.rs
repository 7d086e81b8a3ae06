//! ct_max_age of http_security is set.

use crate::explanation::Platform::Akkoma;
use crate::explanation::Reference::Spec;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// The app is told of a header that browsers forgot.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-expect-ct-obsolete",
        title: "The app is told of a header that browsers forgot",
        why: "Browsers check certificate transparency by themselves now and have removed Expect-CT. Akkoma removed \
              the setting, which Pleroma's pages still name; it does nothing.",
        fix: &[(Akkoma, "# remove ct_max_age")],
        references: &[Spec(
            "Akkoma: hardening your instance",
            "https://docs.akkoma.dev/stable/configuration/hardening/",
        )],
    },
    topic: Topic::Apps,
    severity: Severity::Info,
    bad: Example::File(Format::Elixir, "config :pleroma, :http_security, ct_max_age: 2592000"),
    good: Example::File(Format::Elixir, "config :pleroma, :http_security, sts: true"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for elixir in facts.elixir() {
        for line in elixir.of(":http_security") {
            if let Some(entry) = line.value.entry("ct_max_age") {
                findings.push(&RULE, &Provenance::File(entry.at.clone()), "nothing reads ct_max_age any more");
            }
        }
    }
}
