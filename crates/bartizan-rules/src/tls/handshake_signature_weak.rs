//! The server signs handshakes over SHA-1 or MD5.

use crate::explanation::Platform::{Apache, Haproxy, Nginx};
use crate::explanation::Reference::{Cve, Rfc};
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The server signs handshakes over SHA-1 or MD5.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "handshake-signature-weak",
        title: "The server signs handshakes over SHA-1 or MD5",
        why: "A signature in the handshake proves that the server has the key of its certificate. Over a hash in \
              which collisions are found, it may prove what was never signed (SLOTH), and TLS 1.2 is not to use it \
              any more.",
        fix: &[
            (Apache, "SSLOpenSSLConfCmd SignatureAlgorithms ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256"),
            (Haproxy, "ssl-default-bind-sigalgs ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256"),
            (Nginx, "ssl_conf_command SignatureAlgorithms ECDSA+SHA256:RSA-PSS+SHA256:RSA+SHA256;"),
        ],
        references: &[Rfc(9155, ""), Cve("CVE-2015-7575")],
    },
    topic: Topic::Tls,
    severity: Severity::Low,
    bad: Example::Handshake("signatures: ecdsa_secp256r1_sha256, rsa_pkcs1_sha1"),
    good: Example::Handshake("signatures: ecdsa_secp256r1_sha256"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let weak = |name: &&String| name.ends_with("sha1") || name.ends_with("md5");
    let found: Vec<_> = server.signatures.iter().filter(weak).map(String::as_str).collect();
    if !found.is_empty() {
        findings.push(&RULE, at, format!("signed with {}", found.join(", ")));
    }
}
