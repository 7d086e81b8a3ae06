//! The chain stops before a root that anybody knows.

use super::fixes;
use crate::explanation::Reference::Rfc;
use crate::facts::handshake::End;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The chain stops before a root that anybody knows.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "chain-incomplete",
        title: "The chain stops before a root that anybody knows",
        why: "The server must send everything between its certificate and the root. Browsers often find what is \
              missing elsewhere, but apps, scripts and other servers do not, and fail with an error that nobody \
              sees in a browser.",
        fix: fixes::WHOLE_CHAIN,
        references: &[Rfc(8446, "4.4.2"), Rfc(5246, "7.4.2")],
    },
    topic: Topic::Tls,
    severity: Severity::Medium,
    bad: Example::Handshake("incomplete: yes\ntrusted: no"),
    good: Example::Handshake("incomplete: no"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let Some(certificate) = &server.certificate else { return };
    if certificate.end == End::Nowhere {
        findings.push(&RULE, at, format!("{} sent, and no way from there to a root", certificate.chain));
    }
}
