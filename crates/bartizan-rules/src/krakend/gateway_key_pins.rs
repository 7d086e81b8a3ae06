//! hpkp_public_key or public_key is set.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::{Rfc, Spec};
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// Public key pins are configured.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-key-pins",
        title: "Public key pins are configured",
        why: "Browsers have removed key pinning, because a lost key locked sites out of their own visitors. \
              KrakenD's code has removed it, too, and ignores the key.",
        fix: &[(Krakend, r#"remove "hpkp_public_key""#)],
        references: &[
            Spec("KrakenD: HTTP security", "https://www.krakend.io/docs/service-settings/security/"),
            Rfc(7469, ""),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::Info,
    bad: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"hpkp_public_key": "pin-sha256=\"base64==\""}}}"#,
    ),
    good: Example::File(Format::Krakend, r#"{"version": 3, "extra_config": {"security/http": {"frame_deny": true}}}"#),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for krakend in facts.krakend() {
        let Some(block) = krakend.secure() else { continue };
        for key in ["hpkp_public_key", "public_key"] {
            if let Some(entry) = block.value.entry(key) {
                findings.push(
                    &RULE,
                    &Provenance::File(entry.at.clone()),
                    format!("{key} does nothing, here and in browsers"),
                );
            }
        }
    }
}
