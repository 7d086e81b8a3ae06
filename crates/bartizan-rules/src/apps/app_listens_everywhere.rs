//! The endpoint of Akkoma listens on all interfaces.

use crate::explanation::Platform::Akkoma;
use crate::explanation::Reference::Spec;
use crate::facts::node::{Node, NodeValue};
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// The app can be reached past the proxy.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "app-listens-everywhere",
        title: "The app can be reached past the proxy",
        why: "Whoever reaches the app's own port gets past the proxy, its TLS and its limits. Akkoma listens on the \
              loopback interface by itself now; older pages say it does not. In a container all interfaces are \
              right, and the container's port must not be published.",
        fix: &[(Akkoma, "http: [ip: {127, 0, 0, 1}, port: 4000]")],
        references: &[Spec(
            "Akkoma: hardening your instance",
            "https://docs.akkoma.dev/stable/configuration/hardening/",
        )],
    },
    topic: Topic::Apps,
    severity: Severity::Medium,
    bad: Example::File(Format::Elixir, "config :pleroma, Pleroma.Web.Endpoint, http: [ip: {0, 0, 0, 0}, port: 4000]"),
    good: Example::File(
        Format::Elixir,
        "config :pleroma, Pleroma.Web.Endpoint, http: [ip: {127, 0, 0, 1}, port: 4000]",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for elixir in facts.elixir() {
        let http = elixir.get("Pleroma.Web.Endpoint", "http");
        let Some(ip) = http.and_then(|http| http.get("ip")).filter(|_| !elixir.is_in_container) else { continue };
        let is_zero = |part: &Node| matches!(&part.value, NodeValue::Number(text) if &**text == "0");
        if !ip.items().is_empty() && ip.items().iter().all(is_zero) {
            let finding = findings.push(&RULE, &Provenance::File(ip.at.clone()), "the app listens on every interface");
            let safety = Safety::Risky("a proxy on another machine no longer reaches the app");
            finding.edit(Edit { at: ip.at.clone(), replacement: "{127, 0, 0, 1}".to_owned(), safety });
        }
    }
}
