//! A key of security/http that the code does not read.

use crate::explanation::Platform::Krakend;
use crate::explanation::Reference::Spec;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// The gateway does not read this key.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "gateway-key-ignored",
        title: "The gateway does not read this key",
        why: "The key looks as if it did something, and KrakenD's code never reads it. Whoever relies on it has less \
              protection than the file says; certificates belong into tls at the root.",
        fix: &[(Krakend, r#""tls": {"public_key": "/etc/krakend/cert.pem", "private_key": "/etc/krakend/key.pem"}"#)],
        references: &[
            Spec("KrakenD: HTTP security", "https://www.krakend.io/docs/service-settings/security/"),
            Spec("KrakenD: TLS", "https://www.krakend.io/docs/service-settings/tls/"),
        ],
    },
    topic: Topic::Krakend,
    severity: Severity::Medium,
    bad: Example::File(
        Format::Krakend,
        r#"{"version": 3, "extra_config": {"security/http": {"ssl_certificate": "/path/to/cert"}}}"#,
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
        for entry in block.value.entries() {
            if super::is_ignored(&entry.key) && !matches!(&*entry.key, "hpkp_public_key" | "public_key") {
                let message = match super::meant(&entry.key) {
                    Some(meant) => format!("{} is not read; {meant}", entry.key),
                    None => format!("{} is not read", entry.key),
                };
                findings.push(&RULE, &Provenance::File(entry.at.clone()), message);
            }
        }
    }
}
