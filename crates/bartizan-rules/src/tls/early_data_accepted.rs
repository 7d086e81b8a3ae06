//! Requests are taken before the handshake is over.

use crate::explanation::Platform::{Apache, Haproxy, Nginx};
use crate::explanation::Reference::Rfc;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Requests are taken before the handshake is over.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "early-data-accepted",
        title: "Requests are taken before the handshake is over",
        why: "Early data can be recorded and sent again: a request that orders, pays or deletes then happens \
              twice. It is safe only if the app behind knows about it and answers 425 to what must not be \
              repeated.",
        fix: &[
            (Apache, "# Apache takes no early data"),
            (Haproxy, "bind :443 ssl crt /etc/haproxy/certs/"),
            (Nginx, "ssl_early_data off;"),
        ],
        references: &[Rfc(8446, "8"), Rfc(8470, "5.2")],
    },
    topic: Topic::Tls,
    severity: Severity::Low,
    bad: Example::Handshake("early-data: yes"),
    good: Example::Handshake("early-data: no"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    if server.early_data == Some(true) {
        findings.push(&RULE, at, "early data was accepted");
    }
}
