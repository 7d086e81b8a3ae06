//! TLS 1.0 or 1.1 is still spoken.

use super::fixes;
use crate::explanation::Reference::Rfc;
use crate::facts::TlsVersion;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// TLS 1.0 or 1.1 is still spoken.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "tls-version-old",
        title: "TLS 1.0 or 1.1 is still spoken",
        why: "Both versions rest on MD5 and SHA-1 and on ways to encrypt that BEAST and Lucky Thirteen attack. No \
              browser has used them since 2020, so they serve attackers and forgotten programs only. Standards for \
              payment and health data forbid them.",
        fix: fixes::MODERN_VERSIONS,
        references: &[Rfc(8996, ""), Rfc(9325, "3.1.1")],
    },
    topic: Topic::Tls,
    severity: Severity::Medium,
    bad: Example::Handshake("versions: TLS 1.1, TLS 1.2"),
    good: Example::Handshake("versions: TLS 1.2, TLS 1.3"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    for version in [TlsVersion::Tls10, TlsVersion::Tls11] {
        if server.accepts(version) {
            findings.push(&RULE, at, format!("{version} is accepted"));
        }
    }
}
