//! is_development is true.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::node::Node;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// The gateway runs in development mode.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-development",
        title: "The gateway runs in development mode",
        why: "Development mode switches off the hosts, the redirect and HSTS, and leaves them standing in the file \
              as if they worked. Nothing in a log says so.",
        fix: &[(Krakend, r#""is_development": false"#)],
        references: &[
            Spec("KrakenD: HTTP security", "https://www.krakend.io/docs/service-settings/security/"),
            Cwe(489),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::High,
    bad: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"is_development": true}}}"#,
    ),
    good: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"is_development": false}}}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        let Some(block) = krakend.secure() else { continue };
        let Some(entry) = block.value.entry("is_development").filter(|entry| Node::bool(&entry.value) == Some(true))
        else {
            continue;
        };
        let at = entry.value.at.clone();
        let finding =
            findings.push(&RULE, &Provenance::File(at.clone()), "allowed_hosts, ssl_redirect and HSTS are off");
        let safety = Safety::Risky("hosts that are not listed are refused from then on");
        finding.edit(Edit { at, replacement: "false".to_owned(), safety });
    }
}
