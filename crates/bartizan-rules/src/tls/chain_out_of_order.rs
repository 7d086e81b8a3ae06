//! The chain is not in order.

use super::fixes;
use crate::explanation::Reference::Rfc;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The chain is not in order.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "chain-out-of-order",
        title: "The chain is not in order",
        why: "Each certificate is to be followed by that of its issuer. Most clients sort them, some old ones and \
              small ones do not and refuse the site.",
        fix: fixes::WHOLE_CHAIN,
        references: &[Rfc(5246, "7.4.2"), Rfc(8446, "4.4.2")],
    },
    topic: Topic::Tls,
    severity: Severity::Low,
    bad: Example::Handshake("in-order: no"),
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
    if certificate.is_in_order == Some(false) {
        findings.push(&RULE, at, "a certificate is not followed by its issuer");
    }
}
