//! The certificate is in no public log.

use super::fixes;
use crate::explanation::Reference::{Rfc, Spec};
use crate::facts::handshake::Trust;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The certificate is in no public log.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "timestamps-missing",
        title: "The certificate is in no public log",
        why: "Chrome, Safari and Firefox refuse a public certificate that does not carry proof of being in public \
              logs. Without it, nobody would notice an authority that issues for the wrong people.",
        fix: fixes::RENEWED_CERTIFICATE,
        references: &[
            Rfc(6962, "3.3"),
            Spec(
                "Chrome: certificate transparency policy",
                "https://googlechrome.github.io/CertificateTransparency/ct_policy.html",
            ),
        ],
    },
    topic: Topic::Tls,
    severity: Severity::Medium,
    bad: Example::Handshake("timestamps: 0"),
    good: Example::Handshake("timestamps: 2"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let Some(certificate) = &server.certificate else { return };
    let (inside, handshake, staple) = certificate.timestamps;
    if certificate.trust == Trust::Public && inside + handshake + staple == 0 {
        findings.push(&RULE, at, "no signed certificate timestamp was seen");
    }
}
