//! The certificate demands a staple that is not sent.

use crate::explanation::Platform::{Apache, Haproxy, Nginx};
use crate::explanation::Reference::Rfc;
use crate::facts::handshake::Staple;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The certificate demands a staple that is not sent.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "staple-missing",
        title: "The certificate demands a staple that is not sent",
        why: "A certificate with must-staple says that it is void without fresh word from its issuer. Firefox then \
              refuses the site until the server staples; other browsers lose the protection that was wished for.",
        fix: &[
            (Apache, "SSLUseStapling on\nSSLStaplingCache shmcb:/run/ocsp(128000)"),
            (Haproxy, "ocsp-update.mode on"),
            (Nginx, "ssl_stapling on;\nssl_stapling_verify on;\nresolver 127.0.0.53;"),
        ],
        references: &[Rfc(7633, "4.2.3.1"), Rfc(6066, "8")],
    },
    topic: Topic::Tls,
    severity: Severity::Medium,
    bad: Example::Handshake("must-staple: yes"),
    good: Example::Handshake("must-staple: yes\nstaple: good"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let Some(certificate) = &server.certificate else { return };
    if certificate.must_staple && !matches!(certificate.staple, Some(Staple::Good | Staple::Revoked)) {
        let what = if certificate.staple.is_some() { "the staple is no good" } else { "none is sent" };
        findings.push(&RULE, at, what);
    }
}
