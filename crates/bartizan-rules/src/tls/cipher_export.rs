//! Suites made weak for export are accepted.

use super::fixes;
use crate::explanation::Reference::{Cve, Rfc};
use crate::facts::suite;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Suites made weak for export are accepted.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cipher-export",
        title: "Suites made weak for export are accepted",
        why: "Keys of 40 to 56 bits, or RSA with 512, were weak on purpose in the nineties and fall within hours. \
              FREAK and Logjam bring modern clients down to them as long as the server has them.",
        fix: fixes::MODERN_SUITES,
        references: &[Rfc(9325, "4.1"), Cve("CVE-2015-0204"), Cve("CVE-2015-4000")],
    },
    topic: Topic::Tls,
    severity: Severity::High,
    bad: Example::Handshake("suites: TLS_RSA_EXPORT_WITH_RC4_40_MD5"),
    good: Example::Handshake("suites: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let found = server.suites_that(suite::is_export);
    if !found.is_empty() {
        findings.push(&RULE, at, format!("accepted: {}", found.join(", ")));
    }
}
