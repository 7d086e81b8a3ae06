//! A client can be made to fall back unnoticed.

use super::fixes;
use crate::explanation::Reference::Rfc;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A client can be made to fall back unnoticed.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "fallback-unprotected",
        title: "A client can be made to fall back unnoticed",
        why: "Some clients try an older version when a handshake fails, and whoever sits on the network can make \
              it fail. A server that knows TLS_FALLBACK_SCSV sees that the client could do better and ends the \
              trick.",
        fix: fixes::MODERN_VERSIONS,
        references: &[Rfc(7507, "")],
    },
    topic: Topic::Tls,
    severity: Severity::Low,
    bad: Example::Handshake("fallback-scsv: no"),
    good: Example::Handshake("fallback-scsv: yes"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    if server.fallback_scsv == Some(false) {
        findings.push(&RULE, at, "a client that fell back is served");
    }
}
