//! The certificate is for another host.

use super::fixes;
use crate::explanation::Reference::{Cwe, Rfc};
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The certificate is for another host.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "certificate-wrong-host",
        title: "The certificate is for another host",
        why: "A certificate proves one thing, that the server may speak for the names in it. Where the host is not \
              among them, browsers stop with a warning, and a visitor cannot tell this site from an attacker's.",
        fix: fixes::RENEWED_CERTIFICATE,
        references: &[Rfc(9525, "6.3"), Cwe(297)],
    },
    topic: Topic::Tls,
    severity: Severity::High,
    bad: Example::Handshake("for-host: no\nnames: other.example"),
    good: Example::Handshake("for-host: yes"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let Some(certificate) = &server.certificate else { return };
    if !certificate.is_for_host {
        findings.push(&RULE, at, format!("it is for {}", certificate.names.join(", ")));
    }
}
