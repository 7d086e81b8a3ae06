//! Neither tls nor ssl_proxy_headers.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// The gateway speaks no TLS, and expects none before it.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-tls-missing",
        title: "The gateway speaks no TLS, and expects none before it",
        why: "Nothing in the file ends TLS, and nothing says that a proxy does. Tokens and answers then cross the \
              network in the clear.",
        fix: &[(Krakend, r#""tls": {"public_key": "/etc/krakend/cert.pem", "private_key": "/etc/krakend/key.pem"}"#)],
        references: &[Spec("KrakenD: TLS", "https://www.krakend.io/docs/service-settings/tls/"), Cwe(319)],
    },
    topic: Topic::Krakend,
    severity: Severity::Low,
    bad: Example::File(Format::Krakend, r#"{"version": 3, "extra_config": {"security/http": {"ssl_redirect": true}}}"#),
    good: Example::File(
        Format::Krakend,
        r#"{"version": 3, "tls": {"public_key": "a.pem", "private_key": "a.key"}, "extra_config": {"security/http": {"ssl_redirect": true}}}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        let Some(block) = krakend.secure() else { continue };
        let headers = block.value.get("ssl_proxy_headers").map(Node::entries).unwrap_or_default();
        let is_off = |tls: &Node| tls.get("disabled").and_then(Node::bool) == Some(true);
        if headers.is_empty() && krakend.root.get("tls").is_none_or(is_off) {
            findings.push(&RULE, &Provenance::File(block.at.clone()), "neither tls nor ssl_proxy_headers is set");
        }
    }
}
