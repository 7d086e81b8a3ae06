//! Certificates are sent that nobody needs.

use super::fixes;
use crate::explanation::Reference::Rfc;
use crate::facts::handshake::End;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Certificates are sent that nobody needs.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "chain-superfluous",
        title: "Certificates are sent that nobody needs",
        why: "A root that the client does not have already it will not believe, and one that it has it need not be \
              sent. What is sent in vain costs every visitor a kilobyte in the first and slowest packets.",
        fix: fixes::WHOLE_CHAIN,
        references: &[Rfc(8446, "4.4.2")],
    },
    topic: Topic::Tls,
    severity: Severity::Info,
    bad: Example::Handshake("superfluous: CN=Old Authority"),
    good: Example::Handshake("in-order: yes"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let Some(certificate) = &server.certificate else { return };
    if certificate.has_root && certificate.end != End::Itself {
        findings.push(&RULE, at, "the root is sent");
    }
    for subject in &certificate.superfluous {
        findings.push(&RULE, at, format!("not part of the chain: {subject}"));
    }
}
