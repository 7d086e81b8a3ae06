//! The certificate is not valid yet.

use super::fixes;
use crate::explanation::Reference::Rfc;
use crate::facts::handshake::DAY;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The certificate is not valid yet.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "certificate-not-yet-valid",
        title: "The certificate is not valid yet",
        why: "Browsers refuse a certificate before its time. Either it was installed early, or the clock of \
              whoever issued it is wrong.",
        fix: fixes::RENEWED_CERTIFICATE,
        references: &[Rfc(5280, "4.1.2.5")],
    },
    topic: Topic::Tls,
    severity: Severity::High,
    bad: Example::Handshake("starts-in-days: 2"),
    good: Example::Handshake("starts-in-days: -2"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let Some(certificate) = &server.certificate else { return };
    if certificate.not_before > server.seen {
        findings.push(&RULE, at, format!("in {} days", (certificate.not_before - server.seen).div_euclid(DAY) + 1));
    }
}
