//! Keys are exchanged over a short prime that many servers share.

use super::fixes;
use crate::explanation::Reference::{Rfc, Spec};
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Keys are exchanged over a short prime that many servers share.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "dh-prime-shared",
        title: "Keys are exchanged over a short prime that many servers share",
        why: "The costly part of breaking such an exchange depends on the prime alone, so a prime of 1024 bits \
              that millions of servers use is the one worth breaking. It is believed to have been done.",
        fix: fixes::WELL_KNOWN_GROUP,
        references: &[
            Rfc(7919, "5.1"),
            Spec("Imperfect forward secrecy: how Diffie-Hellman fails in practice", "https://weakdh.org/"),
        ],
    },
    topic: Topic::Tls,
    severity: Severity::Medium,
    bad: Example::Handshake("prime: 1024 known"),
    good: Example::Handshake("prime: 3072 known"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    for prime in server.primes.iter().filter(|prime| prime.bits < 2048) {
        if let Some(known) = prime.known {
            findings.push(&RULE, at, format!("{} bits, known from {known}", prime.bits));
        }
    }
}
