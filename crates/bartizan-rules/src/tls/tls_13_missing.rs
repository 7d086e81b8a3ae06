//! TLS 1.3 is not spoken.

use super::fixes;
use crate::explanation::Reference::Rfc;
use crate::facts::TlsVersion;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// TLS 1.3 is not spoken.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "tls-13-missing",
        title: "TLS 1.3 is not spoken",
        why: "TLS 1.3 left out everything that was attacked in the versions before, hides the certificate from \
              onlookers and needs one round trip less. Exchange of keys that withstands quantum computers exists \
              only there.",
        fix: fixes::MODERN_VERSIONS,
        references: &[Rfc(8446, "1.2"), Rfc(9325, "3.1.1")],
    },
    topic: Topic::Tls,
    severity: Severity::Low,
    bad: Example::Handshake("versions: TLS 1.2"),
    good: Example::Handshake("versions: TLS 1.2, TLS 1.3"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    if !server.versions.is_empty() && !server.accepts(TlsVersion::Tls13) {
        findings.push(&RULE, at, "TLS 1.3 is refused");
    }
}
