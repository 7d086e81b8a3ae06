//! The certificate has expired.

use super::fixes;
use crate::explanation::Reference::{Cwe, Rfc};
use crate::facts::handshake::DAY;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The certificate has expired.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "certificate-expired",
        title: "The certificate has expired",
        why: "Browsers refuse an expired certificate, and apps simply fail. Its issuer also stops saying whether \
              it was stolen.",
        fix: fixes::RENEWED_CERTIFICATE,
        references: &[Rfc(5280, "4.1.2.5"), Cwe(298)],
    },
    topic: Topic::Tls,
    severity: Severity::High,
    bad: Example::Handshake("ends-in-days: -1"),
    good: Example::Handshake("ends-in-days: 60"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let Some(certificate) = &server.certificate else { return };
    let days = (server.seen - certificate.not_after).div_euclid(DAY);
    if certificate.not_after < server.seen {
        findings.push(&RULE, at, format!("{days} days ago"));
    }
}
