//! No browser trusts the certificate.

use super::fixes;
use crate::explanation::Reference::{Cwe, Rfc};
use crate::facts::handshake::{End, Trust};
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// No browser trusts the certificate.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "certificate-untrusted",
        title: "No browser trusts the certificate",
        why: "Visitors meet a warning that covers the whole page. Those who learn to click it away will do so too \
              when an attacker stands in between.",
        fix: fixes::RENEWED_CERTIFICATE,
        references: &[Rfc(5280, "6.1"), Cwe(295)],
    },
    topic: Topic::Tls,
    severity: Severity::High,
    bad: Example::Handshake("trusted: no"),
    good: Example::Handshake("trusted: yes"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let Some(certificate) = &server.certificate else { return };
    if certificate.trust != Trust::Nobody || certificate.not_after < server.seen || !certificate.is_for_host {
        return; // these have rules of their own
    }
    let why = if certificate.end == End::Itself { "it is its own issuer" } else { "its issuer is not known" };
    findings.push(&RULE, at, format!("{why}: {}", certificate.issuer));
}
