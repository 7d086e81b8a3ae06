//! The certificate was taken back.

use super::fixes;
use crate::explanation::Reference::{Cwe, Rfc};
use crate::facts::handshake::Staple;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The certificate was taken back.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "certificate-revoked",
        title: "The certificate was taken back",
        why: "The issuer says, in an answer that the server itself brings along, that the certificate is not to be \
              trusted any more. Usually that is because its key was stolen or the name changed hands.",
        fix: fixes::RENEWED_CERTIFICATE,
        references: &[Rfc(6960, "2.2"), Cwe(299)],
    },
    topic: Topic::Tls,
    severity: Severity::High,
    bad: Example::Handshake("staple: revoked"),
    good: Example::Handshake("staple: good"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let Some(certificate) = &server.certificate else { return };
    if certificate.staple == Some(Staple::Revoked) {
        findings.push(&RULE, at, "the staple says so");
    }
}
