//! Keys are not exchanged safely from quantum computers.

use crate::explanation::Platform::{Apache, Caddy, Haproxy, Nginx};
use crate::explanation::Reference::Spec;
use crate::facts::TlsVersion;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Keys are not exchanged safely from quantum computers.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "post-quantum-missing",
        title: "Keys are not exchanged safely from quantum computers",
        why: "Who records traffic today can read it once a large quantum computer exists, if keys were exchanged \
              over curves alone. Browsers offer X25519MLKEM768 since 2024, and it costs a kilobyte and no round \
              trip.",
        fix: &[
            (Apache, "SSLOpenSSLConfCmd Groups X25519MLKEM768:X25519:prime256v1"),
            (Caddy, "tls {\n    curves x25519mlkem768 x25519 secp256r1\n}"),
            (Haproxy, "ssl-default-bind-curves X25519MLKEM768:X25519:P-256"),
            (Nginx, "ssl_ecdh_curve X25519MLKEM768:X25519:prime256v1;"),
        ],
        references: &[Spec(
            "Post-quantum hybrid key agreement for TLS 1.3",
            "https://datatracker.ietf.org/doc/draft-ietf-tls-ecdhe-mlkem/",
        )],
    },
    topic: Topic::Tls,
    severity: Severity::Info,
    bad: Example::Handshake("groups: X25519, secp256r1"),
    good: Example::Handshake("groups: X25519MLKEM768, X25519"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let has_mixture = server.groups.iter().any(|name| name.contains("MLKEM"));
    if server.accepts(TlsVersion::Tls13) && !server.groups.is_empty() && !has_mixture {
        findings.push(&RULE, at, format!("groups: {}", server.groups.join(", ")));
    }
}
