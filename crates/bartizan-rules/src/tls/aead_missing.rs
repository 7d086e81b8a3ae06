//! No modern cipher is accepted below TLS 1.3.

use super::fixes;
use crate::explanation::Reference::{Cve, Rfc};
use crate::facts::{Handshake, Provenance};
use crate::facts::{TlsVersion, suite};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// No modern cipher is accepted below TLS 1.3.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "aead-missing",
        title: "No modern cipher is accepted below TLS 1.3",
        why: "Suites with CBC check integrity apart from encryption and leaked plaintext again and again through \
              what padding tells, from Lucky Thirteen to Zombie POODLE. Ciphers that do both in one operation have \
              no such seam, and every client of the last ten years has them.",
        fix: fixes::MODERN_SUITES,
        references: &[Rfc(9325, "4.2"), Cve("CVE-2013-0169")],
    },
    topic: Topic::Tls,
    severity: Severity::Low,
    bad: Example::Handshake("versions: TLS 1.2\nsuites: TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
    good: Example::Handshake("versions: TLS 1.2\nsuites: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let tls12 = server.versions.iter().find(|accepted| accepted.version == TlsVersion::Tls12);
    if tls12.is_some_and(|accepted| !accepted.suites.iter().any(|name| suite::is_aead(name))) {
        findings.push(&RULE, at, "TLS 1.2 has no suite with GCM, CCM or ChaCha20-Poly1305");
    }
}
