//! allowed_hosts is compared with the port that clients send.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::{Rfc, Spec};
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// A host has no port, and clients of another port are refused.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-hosts-without-port",
        title: "A host has no port, and clients of another port are refused",
        why: "KrakenD compares the Host header as it was sent, with its port. On any port but 80 and 443 clients \
              send one, so that an entry without it never fits; health checks of load balancers fail the same way.",
        fix: &[(Krakend, r#""allowed_hosts": ["api.example.org:8080"]"#)],
        references: &[
            Spec("KrakenD: HTTP security", "https://www.krakend.io/docs/service-settings/security/"),
            Rfc(9110, "7.2"),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::Low,
    bad: Example::File(
        Format::Krakend,
        r#"{"port": 8080, "extra_config": {"security/http": {"allowed_hosts": ["api.example.org"]}}}"#,
    ),
    good: Example::File(
        Format::Krakend,
        r#"{"port": 8080, "extra_config": {"security/http": {"allowed_hosts": ["api.example.org:8080"]}}}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        let Some(block) = krakend.secure() else { continue };
        let Some(port) = krakend.root.get("port").and_then(Node::whole).filter(|port| ![80, 443].contains(port)) else {
            continue;
        };
        let is_regex = block.value.get("allowed_hosts_are_regex").and_then(Node::bool) == Some(true);
        let hosts = block.value.get("allowed_hosts").map(Node::items).unwrap_or_default();
        let has_port = |host: &Node| host.text().is_some_and(|host| host.contains(':'));
        if is_regex || hosts.iter().any(has_port) {
            continue;
        }
        if let Some(host) = hosts.first() {
            let message = format!("clients of port {port} send it in Host, and no entry has a port");
            findings.push(&RULE, &Provenance::File(host.at.clone()), message);
        }
    }
}
