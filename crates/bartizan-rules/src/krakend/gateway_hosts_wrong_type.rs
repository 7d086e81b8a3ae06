//! A key of security/http has the wrong JSON type.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::{Cwe, Spec};
use crate::facts::node::NodeValue;
use crate::rule::Format;
use crate::{Edit, Example, Explanation, Facts, Findings, Provenance, Rule, Safety, Severity, Topic};

/// A setting has a type that the gateway ignores.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-hosts-wrong-type",
        title: "A setting has a type that the gateway ignores",
        why: "KrakenD takes a value of the wrong type for no value at all, and says nothing. A text in the place of \
              a list of hosts opens the gateway to every host, and \"true\" in quotes switches nothing on.",
        fix: &[(Krakend, r#""ssl_redirect": true"#)],
        references: &[
            Spec("KrakenD: HTTP security", "https://www.krakend.io/docs/service-settings/security/"),
            Cwe(704),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::High,
    bad: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"allowed_hosts": "api.example.org"}}}"#,
    ),
    good: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"allowed_hosts": ["api.example.org"]}}}"#,
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        let Some(block) = krakend.secure() else { continue };
        if !matches!(block.value.value, NodeValue::Map(_)) {
            let message = format!("the whole block is {}, and ignored", block.value.kind());
            findings.push(&RULE, &Provenance::File(block.value.at.clone()), message);
        }
        for entry in block.value.entries() {
            let Some(wanted) = super::wrong_type(entry) else { continue };
            let message = format!("{} is {}, and KrakenD reads only {wanted}", entry.key, entry.value.kind());
            let finding = findings.push(&RULE, &Provenance::File(entry.value.at.clone()), message);
            let replacement = match (&entry.value.value, wanted) {
                (NodeValue::Text(text), "a truth value") if matches!(&**text, "true" | "false") => text.to_string(),
                (NodeValue::Text(text), "a number") if text.parse::<u32>().is_ok() => text.to_string(),
                (NodeValue::Text(text), "a list of texts") if !text.contains(['"', '\\']) => format!("[\"{text}\"]"),
                _ => continue,
            };
            let safety = Safety::Risky("what was written takes effect for the first time");
            finding.edit(Edit { at: entry.value.at.clone(), replacement, safety });
        }
    }
}
