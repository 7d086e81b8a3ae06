//! A key of auth/client-credentials has the wrong JSON type.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::node::{Node, NodeValue};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// The gateway stops over its client credentials.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-credentials-wrong-type",
        title: "The gateway stops over its client credentials",
        why: "KrakenD takes these values for texts without looking, and ends in a panic at its start where they are \
              something else. Scopes are one text with commas, not a list.",
        fix: &[(Krakend, r#""scopes": "read,write""#)],
        references: &[
            Spec("KrakenD: client credentials", "https://www.krakend.io/docs/authorization/client-credentials/"),
            Cwe(704),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Krakend,
        r#"{"endpoints": [{"backend": [{"extra_config": {"auth/client-credentials": {"scopes": ["read"]}}}]}]}"#,
    ),
    good: Example::File(
        Format::Krakend,
        r#"{"endpoints": [{"backend": [{"extra_config": {"auth/client-credentials": {"scopes": "read"}}}]}]}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        for entry in krakend.credentials().flat_map(|block| block.value.entries()) {
            let is_right = match &*entry.key {
                "client_id" | "client_secret" | "token_url" | "scopes" => entry.value.text().is_some(),
                "is_disabled" => entry.value.bool().is_some(),
                "endpoint_params" => {
                    let is_list = |value: &Node| matches!(value.value, NodeValue::List(_));
                    entry.value.entries().iter().all(|entry| is_list(&entry.value))
                }
                _ => true,
            };
            if !is_right {
                let message = format!("{} is {}, and KrakenD stops over it", entry.key, entry.value.kind());
                findings.push(&RULE, &Provenance::File(entry.value.at.clone()), message);
            }
        }
    }
}
