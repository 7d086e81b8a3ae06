//! RC4 is accepted.

use super::fixes;
use crate::explanation::Reference::{Cve, Rfc};
use crate::facts::suite;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// RC4 is accepted.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cipher-rc4",
        title: "RC4 is accepted",
        why: "The first bytes of RC4 are so uneven that cookies sent often enough can be told from what is seen on \
              the wire. Its use in TLS is forbidden since 2015.",
        fix: fixes::MODERN_SUITES,
        references: &[Rfc(7465, ""), Cve("CVE-2013-2566")],
    },
    topic: Topic::Tls,
    severity: Severity::Medium,
    bad: Example::Handshake("suites: TLS_RSA_WITH_RC4_128_SHA"),
    good: Example::Handshake("suites: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let found = server.suites_that(|name| suite::is_rc4(name) && !suite::is_export(name));
    if !found.is_empty() {
        findings.push(&RULE, at, format!("accepted: {}", found.join(", ")));
    }
}
