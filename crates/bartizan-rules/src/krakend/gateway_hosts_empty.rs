//! allowed_hosts is missing or empty.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::node::{Node, NodeValue};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// The gateway answers for any host.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-hosts-empty",
        title: "The gateway answers for any host",
        why: "With no allowed_hosts KrakenD answers whatever name a client writes into Host. A forged name ends up \
              in redirects and caches, and other sites' names can be pointed at the gateway.",
        fix: &[(Krakend, r#""allowed_hosts": ["api.example.org"]"#)],
        references: &[
            Spec("KrakenD: HTTP security", "https://www.krakend.io/docs/service-settings/security/"),
            Cwe(644),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::Medium,
    bad: Example::File(Format::Krakend, r#"{"version": 3, "extra_config": {"security/http": {"allowed_hosts": []}}}"#),
    good: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"allowed_hosts": ["api.example.org"]}}}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        let Some(block) = krakend.secure() else { continue };
        let hosts = block.value.entry("allowed_hosts");
        // A value of the wrong type has a rule of its own, and the same effect.
        if hosts.is_none_or(|hosts| matches!(&hosts.value.value, NodeValue::List(items) if items.iter().all(|item| Node::text(item).is_none()))) {
            let at = hosts.map_or(&block.at, |hosts| &hosts.at);
            findings.push(&RULE, &Provenance::File(at.clone()), "allowed_hosts names no host");
        }
    }
}
