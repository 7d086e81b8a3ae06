//! client_tls.allow_insecure_connections is true.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// The gateway believes any certificate of its backends.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-backends-unverified",
        title: "The gateway believes any certificate of its backends",
        why: "Whoever gets between the gateway and a backend can then answer in its place. All that users and tokens \
              say goes through that door.",
        fix: &[(Krakend, r#""client_tls": {"ca_certs": ["/etc/krakend/ca.pem"]}"#)],
        references: &[Spec("KrakenD: TLS", "https://www.krakend.io/docs/service-settings/tls/"), Cwe(295)],
    },
    topic: Topic::Krakend,
    severity: Severity::High,
    bad: Example::File(Format::Krakend, r#"{"client_tls": {"allow_insecure_connections": true}}"#),
    good: Example::File(Format::Krakend, r#"{"client_tls": {"allow_insecure_connections": false}}"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        let own = krakend.root.get("client_tls");
        let others = krakend
            .backends()
            .filter_map(|backend| backend.get("extra_config")?.get("backend/http/client")?.get("client_tls"));
        for client in own.into_iter().chain(others) {
            let Some(value) = client.get("allow_insecure_connections").filter(|value| Node::bool(value) == Some(true))
            else {
                continue;
            };
            let finding =
                findings.push(&RULE, &Provenance::File(value.at.clone()), "certificates of backends are not verified");
            let safety = Safety::Risky("backends with certificates of their own making are refused from then on");
            finding.edit(Edit { at: value.at.clone(), replacement: "false".to_owned(), safety });
        }
    }
}
