//! The server gives away its memory.

use crate::explanation::Platform::{Apache, Haproxy, Nginx};
use crate::explanation::Reference::{Cve, Rfc};
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The server gives away its memory.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "heartbleed",
        title: "The server gives away its memory",
        why: "A heartbeat that claims to be longer than it is comes back with up to 64 KiB of the server's memory: \
              keys, cookies, passwords. After the update, the certificate needs a new key, for the old one must be \
              taken as known.",
        fix: &[
            (Apache, "# renew OpenSSL, then replace key and certificate"),
            (Haproxy, "# renew OpenSSL, then replace key and certificate"),
            (Nginx, "# renew OpenSSL, then replace key and certificate"),
        ],
        references: &[Cve("CVE-2014-0160"), Rfc(6520, "4")],
    },
    topic: Topic::Tls,
    severity: Severity::High,
    bad: Example::Handshake("heartbleed: yes"),
    good: Example::Handshake("heartbleed: no"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    if server.heartbleed == Some(true) {
        findings.push(&RULE, at, "a heartbeat was answered with more than was sent");
    }
}
