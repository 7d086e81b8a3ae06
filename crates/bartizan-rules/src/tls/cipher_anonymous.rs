//! Suites without a certificate are accepted.

use super::fixes;
use crate::explanation::Reference::{Cwe, Rfc};
use crate::facts::suite;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Suites without a certificate are accepted.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "cipher-anonymous",
        title: "Suites without a certificate are accepted",
        why: "An anonymous suite encrypts without anybody proving who the server is. Whoever sits on the network \
              can stand between a client that accepts such a suite and the site, and read and change everything.",
        fix: fixes::MODERN_SUITES,
        references: &[Rfc(9325, "4.1"), Cwe(300)],
    },
    topic: Topic::Tls,
    severity: Severity::High,
    bad: Example::Handshake("suites: TLS_ECDH_anon_WITH_AES_128_CBC_SHA"),
    good: Example::Handshake("suites: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let found = server.suites_that(suite::is_anonymous);
    if !found.is_empty() {
        findings.push(&RULE, at, format!("accepted: {}", found.join(", ")));
    }
}
