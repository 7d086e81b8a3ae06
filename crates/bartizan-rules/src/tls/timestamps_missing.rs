//! The certificate is in no public log.

use crate::explanation::Platform::{Apache, Caddy, Haproxy, Nginx};
use crate::explanation::Reference::{Rfc, Spec};
use crate::facts::handshake::Trust;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The certificate is in no public log.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "timestamps-missing",
        title: "The certificate is in no public log",
        why: "Chrome, Safari and Firefox refuse a public certificate that does not carry proof of being in public \
              logs. Without it, nobody would notice an authority that issues for the wrong people.",
        fix: &[
            (Apache, "MDomain app.example\nMDCertificateAgreement accepted"),
            (Caddy, "app.example {\n    reverse_proxy localhost:8080\n}"),
            (Haproxy, "bind :443 ssl crt /etc/haproxy/certs/"),
            (
                Nginx,
                "ssl_certificate /etc/letsencrypt/live/app.example/fullchain.pem;\nssl_certificate_key /etc/letsencrypt/live/app.example/privkey.pem;",
            ),
        ],
        references: &[
            Rfc(6962, "3.3"),
            Spec(
                "Chrome: certificate transparency policy",
                "https://googlechrome.github.io/CertificateTransparency/ct_policy.html",
            ),
        ],
    },
    topic: Topic::Tls,
    severity: Severity::Medium,
    bad: Example::Handshake("timestamps: 0"),
    good: Example::Handshake("timestamps: 2"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let Some(certificate) = &server.certificate else { return };
    let (inside, handshake, staple) = certificate.timestamps;
    if certificate.trust == Trust::Public && inside + handshake + staple == 0 {
        findings.push(&RULE, at, "no signed certificate timestamp was seen");
    }
}
