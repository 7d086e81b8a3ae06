//! A renegotiation is not bound to the handshake before.

use crate::explanation::Platform::{Apache, Haproxy, Nginx};
use crate::explanation::Reference::{Cve, Rfc};
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A renegotiation is not bound to the handshake before.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "renegotiation-insecure",
        title: "A renegotiation is not bound to the handshake before",
        why: "Whoever sits on the network can speak first and then let the visitor renegotiate: the server takes \
              both for one client, and acts on what was said first with the visitor's login. The extension that \
              mends this is from 2010.",
        fix: &[
            (Apache, "# renew OpenSSL: 0.9.8m and later bind renegotiations"),
            (Haproxy, "# renew OpenSSL: 0.9.8m and later bind renegotiations"),
            (Nginx, "# renew OpenSSL: 0.9.8m and later bind renegotiations"),
        ],
        references: &[Rfc(5746, "1"), Cve("CVE-2009-3555")],
    },
    topic: Topic::Tls,
    severity: Severity::High,
    bad: Example::Handshake("secure-renegotiation: no"),
    good: Example::Handshake("secure-renegotiation: yes"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    if server.secure_renegotiation == Some(false) {
        findings.push(&RULE, at, "renegotiation_info is not answered");
    }
}
