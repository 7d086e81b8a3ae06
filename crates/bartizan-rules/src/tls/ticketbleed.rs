//! The server gives away 31 bytes of its memory at a time.

use crate::explanation::Platform::{Apache, Haproxy, Nginx};
use crate::explanation::Reference::Cve;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The server gives away 31 bytes of its memory at a time.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "ticketbleed",
        title: "The server gives away 31 bytes of its memory at a time",
        why: "A session's number of one byte comes back as 32, and the others are from the server's memory. What \
              they hold may be numbers of other visitors' sessions. It is a fault of F5 BIG-IP before the updates \
              of 2017.",
        fix: &[
            (Apache, "# install the update of the load balancer, or switch session tickets off on it"),
            (Haproxy, "# install the update of the load balancer, or switch session tickets off on it"),
            (Nginx, "# install the update of the load balancer, or switch session tickets off on it"),
        ],
        references: &[Cve("CVE-2016-9244")],
    },
    topic: Topic::Tls,
    severity: Severity::High,
    bad: Example::Handshake("ticketbleed: yes"),
    good: Example::Handshake("ticketbleed: no"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    if server.ticketbleed == Some(true) {
        findings.push(&RULE, at, "more of a session's number came back than was sent");
    }
}
