//! host_proxy_headers is set.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// Clients can say which host they ask for twice.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-host-header-trusted",
        title: "Clients can say which host they ask for twice",
        why: "KrakenD takes the first of these headers that is not empty in the place of Host, whoever sent it. A \
              client then writes an allowed name there and reaches the gateway under any other.",
        fix: &[(Krakend, r#""host_proxy_headers": []"#)],
        references: &[
            Spec("KrakenD: HTTP security", "https://www.krakend.io/docs/service-settings/security/"),
            Cwe(348),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"host_proxy_headers": ["X-Forwarded-Host"]}}}"#,
    ),
    good: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"host_proxy_headers": []}}}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        let Some(block) = krakend.secure() else { continue };
        let Some(entry) = block.value.entry("host_proxy_headers") else { continue };
        if entry.value.items().iter().any(|header| Node::text(header).is_some()) {
            findings.push(
                &RULE,
                &Provenance::File(entry.at.clone()),
                "a header that clients can send takes the place of Host",
            );
        }
    }
}
