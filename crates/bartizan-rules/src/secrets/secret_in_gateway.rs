//! client_secret of KrakenD is written out.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::Cwe;
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// The client secret stands in the configuration.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "secret-in-gateway",
        title: "The client secret stands in the configuration",
        why: "The configuration is kept with the code and copied to every gateway. Whoever has a copy can get tokens \
              in the gateway's name.",
        fix: &[(Krakend, r#""client_secret": "{{ env \"CLIENT_SECRET\" }}""#)],
        references: &[Cwe(798)],
    },
    topic: Topic::Secrets,
    severity: Severity::High,
    bad: Example::File(
        Format::Krakend,
        r#"{"endpoints": [{"backend": [{"extra_config": {"auth/client-credentials": {"client_secret": "hunter2"}}}]}]}"#,
    ),
    good: Example::File(
        Format::Krakend,
        r#"{"endpoints": [{"backend": [{"extra_config": {"auth/client-credentials": {"client_secret": "{{ env \"CLIENT_SECRET\" }}"}}}]}]}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        for secret in krakend.credentials().filter_map(|block| block.value.get("client_secret")) {
            if Node::text(secret).is_some_and(|text| !text.is_empty() && !text.contains("{{") && !text.starts_with('$'))
            {
                findings.push(&RULE, &Provenance::File(secret.at.clone()), "client_secret is written out");
            }
        }
    }
}
