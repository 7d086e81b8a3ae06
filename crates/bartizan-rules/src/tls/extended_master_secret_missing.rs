//! Keys are not bound to the whole handshake.

use crate::explanation::Platform::{Apache, Haproxy, Nginx};
use crate::explanation::Reference::Rfc;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Keys are not bound to the whole handshake.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "extended-master-secret-missing",
        title: "Keys are not bound to the whole handshake",
        why: "Without the extended master secret, two connections can be made to share keys, and what proves a \
              client on one then holds on the other (Triple Handshake). OpenSSL has it since 1.1.0.",
        fix: &[
            (Apache, "# renew OpenSSL: 1.1.0 and later do it unasked"),
            (Haproxy, "# renew OpenSSL: 1.1.0 and later do it unasked"),
            (Nginx, "# renew OpenSSL: 1.1.0 and later do it unasked"),
        ],
        references: &[Rfc(7627, ""), Rfc(9325, "3.5")],
    },
    topic: Topic::Tls,
    severity: Severity::Low,
    bad: Example::Handshake("extended-master-secret: no"),
    good: Example::Handshake("extended-master-secret: yes"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    if server.extended_master_secret == Some(false) {
        findings.push(&RULE, at, "the extension is not answered");
    }
}
