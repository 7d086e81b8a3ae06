//! No modern cipher is accepted below TLS 1.3.

use crate::explanation::Platform::{Apache, Caddy, Haproxy, Nginx};
use crate::explanation::Reference::{Cve, Rfc};
use crate::facts::{Handshake, Provenance};
use crate::facts::{TlsVersion, suite};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// No modern cipher is accepted below TLS 1.3.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "aead-missing",
        title: "No modern cipher is accepted below TLS 1.3",
        why: "Suites with CBC check integrity apart from encryption and leaked plaintext again and again through \
              what padding tells, from Lucky Thirteen to Zombie POODLE. Ciphers that do both in one operation have \
              no such seam, and every client of the last ten years has them.",
        fix: &[
            (
                Apache,
                "SSLCipherSuite ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305",
            ),
            (Caddy, "tls {\n    protocols tls1.2 tls1.3\n}"),
            (
                Haproxy,
                "ssl-default-bind-ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305",
            ),
            (
                Nginx,
                "ssl_ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305;",
            ),
        ],
        references: &[Rfc(9325, "4.2"), Cve("CVE-2013-0169")],
    },
    topic: Topic::Tls,
    severity: Severity::Low,
    bad: Example::Handshake("versions: TLS 1.2\nsuites: TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"),
    good: Example::Handshake("versions: TLS 1.2\nsuites: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let tls12 = server.versions.iter().find(|accepted| accepted.version == TlsVersion::Tls12);
    if tls12.is_some_and(|accepted| !accepted.suites.iter().any(|name| suite::is_aead(name))) {
        findings.push(&RULE, at, "TLS 1.2 has no suite with GCM, CCM or ChaCha20-Poly1305");
    }
}
