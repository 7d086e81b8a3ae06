//! Suites that do not encrypt are accepted.

use super::fixes;
use crate::explanation::Reference::{Cwe, Rfc};
use crate::facts::suite;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Suites that do not encrypt are accepted.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cipher-unencrypted",
        title: "Suites that do not encrypt are accepted",
        why: "A suite with a NULL cipher proves who the server is and then sends everything in the clear. The \
              address bar shows a lock all the same, in a client that accepts it.",
        fix: fixes::MODERN_SUITES,
        references: &[Rfc(9325, "4.1"), Cwe(319)],
    },
    topic: Topic::Tls,
    severity: Severity::High,
    bad: Example::Handshake("suites: TLS_RSA_WITH_NULL_SHA256"),
    good: Example::Handshake("suites: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let found = server.suites_that(suite::is_null);
    if !found.is_empty() {
        findings.push(&RULE, at, format!("accepted: {}", found.join(", ")));
    }
}
