//! sts of http_security is not true.

use crate::explanation::Platform::Akkoma;
use crate::explanation::Reference::Spec;
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// The app sends no HSTS.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-hsts-off",
        title: "The app sends no HSTS",
        why: "Without HSTS a browser tries plain HTTP first whenever the address is typed without https. Akkoma \
              leaves it off by itself, since the proxy may send it; then this can stay as it is.",
        fix: &[(Akkoma, "config :pleroma, :http_security, sts: true")],
        references: &[Spec(
            "Akkoma: hardening your instance",
            "https://docs.akkoma.dev/stable/configuration/hardening/",
        )],
    },
    topic: Topic::Apps,
    severity: Severity::Low,
    bad: Example::File(Format::Elixir, "config :pleroma, :http_security, enabled: true, sts: false"),
    good: Example::File(Format::Elixir, "config :pleroma, :http_security, enabled: true, sts: true"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for elixir in facts.elixir() {
        let Some(line) = elixir.of(":http_security").last() else { continue };
        let sts = elixir.get(":http_security", "sts");
        if sts.and_then(Node::bool) == Some(true) {
            continue;
        }
        let at = sts.map_or(&line.at, |sts| &sts.at);
        let finding = findings.push(&RULE, &Provenance::File(at.clone()), "sts is not on");
        if let Some(sts) = sts {
            let safety = Safety::Risky("for as long as it lasts, browsers that saw it refuse the site over HTTP");
            finding.edit(Edit { at: sts.at.clone(), replacement: "true".to_owned(), safety });
        }
    }
}
