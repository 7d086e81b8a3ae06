//! sts_seconds without TLS and without ssl_proxy_headers.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::{Rfc, Spec};
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// HSTS is configured and never sent.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-hsts-unused",
        title: "HSTS is configured and never sent",
        why: "KrakenD sends HSTS only on requests over TLS. Without TLS of its own, and without a header by which it \
              learns of a proxy's, there are none.",
        fix: &[(Krakend, r#""ssl_proxy_headers": {"X-Forwarded-Proto": "https"}"#)],
        references: &[
            Spec("KrakenD: HTTP security", "https://www.krakend.io/docs/service-settings/security/"),
            Rfc(6797, "7.2"),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::Low,
    bad: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"sts_seconds": 31536000}}}"#,
    ),
    good: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"sts_seconds": 31536000, "ssl_proxy_headers": {"X-Forwarded-Proto": "https"}}}}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        let Some(block) = krakend.secure() else { continue };
        let is_on = |key: &str| block.value.get(key).and_then(Node::bool) == Some(true);
        let Some(entry) =
            block.value.entry("sts_seconds").filter(|entry| entry.value.whole().is_some_and(|age| age != 0))
        else {
            continue;
        };
        let knows_tls = krakend.root.get("tls").is_some() || is_on("force_sts_header");
        if !knows_tls && block.value.get("ssl_proxy_headers").is_none_or(|headers| Node::entries(headers).is_empty()) {
            findings.push(&RULE, &Provenance::File(entry.at.clone()), "no request ever counts as one over TLS");
        }
    }
}
