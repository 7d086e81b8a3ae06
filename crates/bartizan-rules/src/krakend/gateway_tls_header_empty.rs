//! ssl_proxy_headers has an empty value.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// An empty header counts as TLS.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-tls-header-empty",
        title: "An empty header counts as TLS",
        why: "KrakenD compares the header with the value that is written, and a header that is missing is as empty \
              as an empty value. Every request then counts as one over TLS, and none is redirected.",
        fix: &[(Krakend, r#""ssl_proxy_headers": {"X-Forwarded-Proto": "https"}"#)],
        references: &[
            Spec("KrakenD: HTTP security", "https://www.krakend.io/docs/service-settings/security/"),
            Cwe(697),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::High,
    bad: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"ssl_proxy_headers": {"X-Forwarded-Proto": ""}}}}"#,
    ),
    good: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"ssl_proxy_headers": {"X-Forwarded-Proto": "https"}}}}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        let Some(block) = krakend.secure() else { continue };
        for entry in block.value.get("ssl_proxy_headers").map(Node::entries).unwrap_or_default() {
            if entry.value.text() == Some("") {
                let message = format!("{} with an empty value is met by every request", entry.key);
                findings.push(&RULE, &Provenance::File(entry.value.at.clone()), message);
            }
        }
    }
}
