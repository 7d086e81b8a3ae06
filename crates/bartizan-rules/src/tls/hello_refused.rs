//! Hellos that say more than the server knows are not answered.

use crate::explanation::Platform::{Apache, Haproxy, Nginx};
use crate::explanation::Reference::Rfc;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Hellos that say more than the server knows are not answered.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "hello-refused",
        title: "Hellos that say more than the server knows are not answered",
        why: "Servers must pass over numbers, versions and extensions that they do not know. One that does not, or \
              a box before it, cannot be reached by the browsers that use them: some send encrypted hellos and \
              keys that stand quantum computers, which need more than a packet. It shows as pages that do not load \
              for some.",
        fix: &[
            (Apache, "# renew what ends TLS: load balancer, firewall or library"),
            (Haproxy, "# renew what ends TLS: load balancer, firewall or library"),
            (Nginx, "# renew what ends TLS: load balancer, firewall or library"),
        ],
        references: &[Rfc(8446, "4.1.2"), Rfc(8701, "1")],
    },
    topic: Topic::Tls,
    severity: Severity::Medium,
    bad: Example::Handshake("intolerant-of: grease"),
    good: Example::Handshake(""),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    if !server.intolerance.is_empty() {
        findings.push(&RULE, at, format!("no answer to a hello with {}", server.intolerance.join(", with ")));
    }
}
