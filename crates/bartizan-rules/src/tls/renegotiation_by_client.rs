//! A client can renegotiate at will.

use crate::explanation::Platform::{Apache, Haproxy, Nginx};
use crate::explanation::Reference::{Cve, Rfc};
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A client can renegotiate at will.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "renegotiation-by-client",
        title: "A client can renegotiate at will",
        why: "Each renegotiation costs the server many times what it costs the client, and a single connection can \
              ask for thousands. No browser asks for any.",
        fix: &[
            (Apache, "SSLOpenSSLConfCmd Options -ClientRenegotiation"),
            (Haproxy, "# HAProxy 1.5 and later end such connections; renew it"),
            (Nginx, "# nginx 0.8.23 and later refuse; renew nginx"),
        ],
        references: &[Rfc(9325, "3.5"), Cve("CVE-2011-1473")],
    },
    topic: Topic::Tls,
    severity: Severity::Low,
    bad: Example::Handshake("client-renegotiation: yes"),
    good: Example::Handshake("client-renegotiation: no"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    if server.client_renegotiation == Some(true) {
        findings.push(&RULE, at, "a second handshake was begun");
    }
}
