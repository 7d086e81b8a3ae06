//! Keys are exchanged over a short prime.

use super::fixes;
use crate::explanation::Reference::{Cve, Rfc};
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Keys are exchanged over a short prime.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "dh-prime-short",
        title: "Keys are exchanged over a short prime",
        why: "A prime of 1024 bits is within reach of well funded attackers, one of 768 within reach of \
              universities. One computation then opens every connection that used it.",
        fix: fixes::WELL_KNOWN_GROUP,
        references: &[Rfc(9325, "4.4"), Rfc(7919, ""), Cve("CVE-2015-4000")],
    },
    topic: Topic::Tls,
    severity: Severity::Medium,
    bad: Example::Handshake("prime: 1024"),
    good: Example::Handshake("prime: 2048"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    for prime in server.primes.iter().filter(|prime| prime.bits < 2048) {
        let finding = findings.push(&RULE, at, format!("the prime has {} bits", prime.bits));
        if prime.bits < 1024 {
            finding.severity(Severity::High);
        }
    }
}
