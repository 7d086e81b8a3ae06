//! ssl_redirect is not true.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::node::NodeValue;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// The gateway answers plain HTTP.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-redirect-off",
        title: "The gateway answers plain HTTP",
        why: "Requests over plain HTTP are answered like those over HTTPS. Whoever sits on the network reads tokens \
              and changes answers.",
        fix: &[(Krakend, r#""ssl_redirect": true"#)],
        references: &[
            Spec("KrakenD: HTTP security", "https://www.krakend.io/docs/service-settings/security/"),
            Cwe(319),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"ssl_redirect": false, "frame_deny": true}}}"#,
    ),
    good: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"ssl_redirect": true}}}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        let Some(block) = krakend.secure() else { continue };
        let entry = block.value.entry("ssl_redirect");
        if entry.is_some_and(|entry| entry.value.value != NodeValue::Bool(false)) {
            continue;
        }
        let at = entry.map_or(&block.at, |entry| &entry.value.at);
        let finding = findings.push(&RULE, &Provenance::File(at.clone()), "plain HTTP is not redirected");
        finding.fix("\"ssl_redirect\": true");
        if let Some(entry) = entry {
            let safety = Safety::Risky(
                "behind a proxy that ends TLS it redirects without end, unless ssl_proxy_headers is right",
            );
            finding.edit(Edit { at: entry.value.at.clone(), replacement: "true".to_owned(), safety });
        }
    }
}
