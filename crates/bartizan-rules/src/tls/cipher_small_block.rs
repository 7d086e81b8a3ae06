//! Ciphers with blocks of 64 bits are accepted.

use super::fixes;
use crate::explanation::Reference::{Cve, Rfc};
use crate::facts::suite;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Ciphers with blocks of 64 bits are accepted.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cipher-small-block",
        title: "Ciphers with blocks of 64 bits are accepted",
        why: "After some tens of gigabytes under one key, blocks of 64 bits repeat and give away what stands in \
              them (SWEET32). Triple DES is the last of these ciphers, and nothing that speaks TLS 1.2 needs it.",
        fix: fixes::MODERN_SUITES,
        references: &[Rfc(9325, "4.1"), Cve("CVE-2016-2183")],
    },
    topic: Topic::Tls,
    severity: Severity::Medium,
    bad: Example::Handshake("suites: TLS_RSA_WITH_3DES_EDE_CBC_SHA"),
    good: Example::Handshake("suites: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let found = server.suites_that(|name| suite::is_small_block(name) && !suite::is_export(name));
    if !found.is_empty() {
        findings.push(&RULE, at, format!("accepted: {}", found.join(", ")));
    }
}
