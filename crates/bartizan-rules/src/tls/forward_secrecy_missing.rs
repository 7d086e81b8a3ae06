//! Past traffic can be read with a stolen key.

use super::fixes;
use crate::explanation::Reference::Rfc;
use crate::facts::suite;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Past traffic can be read with a stolen key.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "forward-secrecy-missing",
        title: "Past traffic can be read with a stolen key",
        why: "With these suites the client sends the secret under the key of the certificate. Who records traffic \
              today and gets that key years later, by theft or by court, then reads all of it. Suites with an \
              exchange of fresh keys leave nothing to read.",
        fix: fixes::MODERN_SUITES,
        references: &[Rfc(9325, "4.1"), Rfc(7525, "6.3")],
    },
    topic: Topic::Tls,
    severity: Severity::Low,
    bad: Example::Handshake("suites: TLS_RSA_WITH_AES_128_GCM_SHA256"),
    good: Example::Handshake("suites: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let found = server.suites_that(|name| !suite::is_forward_secret(name) && !suite::is_broken(name));
    if found.is_empty() {
        return;
    }
    let has_others = found.len() < server.suites().len();
    let finding = findings.push(&RULE, at, format!("accepted: {}", found.join(", ")));
    if !has_others {
        finding.severity(Severity::Medium);
    }
}
