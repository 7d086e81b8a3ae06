//! TLS compresses what it encrypts.

use crate::explanation::Platform::{Apache, Haproxy, Nginx};
use crate::explanation::Reference::{Cve, Rfc};
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// TLS compresses what it encrypts.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "tls-compression",
        title: "TLS compresses what it encrypts",
        why: "Where a secret and what an attacker chose are compressed together, the length of the result tells \
              whether they agree. CRIME reads session cookies so, letter by letter.",
        fix: &[
            (Apache, "SSLCompression off"),
            (Haproxy, "# built against an OpenSSL without zlib"),
            (Nginx, "# nginx 1.3.2 and later never compress; renew nginx and OpenSSL"),
        ],
        references: &[Rfc(9325, "3.3"), Cve("CVE-2012-4929")],
    },
    topic: Topic::Tls,
    severity: Severity::Medium,
    bad: Example::Handshake("compression: yes"),
    good: Example::Handshake("compression: no"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    if server.compression == Some(true) {
        findings.push(&RULE, at, "the server chose DEFLATE");
    }
}
