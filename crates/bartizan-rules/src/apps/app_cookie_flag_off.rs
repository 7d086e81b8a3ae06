//! secure_cookie_flag is false.

use crate::explanation::Platform::Akkoma;
use crate::explanation::Reference::Spec;
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// The session cookie of the app goes over plain HTTP, too.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-cookie-flag-off",
        title: "The session cookie of the app goes over plain HTTP, too",
        why: "Without the flag the session cookie goes along with plain HTTP requests, where whoever sits on the \
              network reads it. With it, the cookie is called __Host- as well, which keeps other hosts from setting \
              it.",
        fix: &[(Akkoma, "config :pleroma, Pleroma.Web.Endpoint, secure_cookie_flag: true")],
        references: &[Spec(
            "Akkoma: hardening your instance",
            "https://docs.akkoma.dev/stable/configuration/hardening/",
        )],
    },
    topic: Topic::Apps,
    severity: Severity::High,
    bad: Example::File(Format::Elixir, "config :pleroma, Pleroma.Web.Endpoint, secure_cookie_flag: false"),
    good: Example::File(Format::Elixir, "config :pleroma, Pleroma.Web.Endpoint, secure_cookie_flag: true"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for elixir in facts.elixir() {
        let Some(value) =
            elixir.get("Pleroma.Web.Endpoint", "secure_cookie_flag").filter(|value| Node::bool(value) == Some(false))
        else {
            continue;
        };
        let finding = findings.push(&RULE, &Provenance::File(value.at.clone()), "secure_cookie_flag is false");
        finding.edit(Edit { at: value.at.clone(), replacement: "true".to_owned(), safety: Safety::Safe });
    }
}
