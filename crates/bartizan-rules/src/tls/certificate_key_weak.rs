//! The key of the certificate is too short.

use super::fixes;
use crate::explanation::Reference::{Cwe, Rfc, Spec};
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The key of the certificate is too short.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "certificate-key-weak",
        title: "The key of the certificate is too short",
        why: "An RSA key of 1024 bits can be factored with the means of a state, one of 512 over a weekend. Who \
              has the key is the site, to every visitor.",
        fix: fixes::RENEWED_CERTIFICATE,
        references: &[
            Spec(
                "CA/Browser Forum: Baseline Requirements",
                "https://cabforum.org/working-groups/server/baseline-requirements/requirements/",
            ),
            Rfc(9325, "4.5"),
            Cwe(326),
        ],
    },
    topic: Topic::Tls,
    severity: Severity::High,
    bad: Example::Handshake("key: RSAPublicKey 1024"),
    good: Example::Handshake("key: RSAPublicKey 2048"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let Some(certificate) = &server.certificate else { return };
    let (kind, bits) = &certificate.key;
    let least = match kind.as_str() {
        "RSAPublicKey" | "DSAPublicKey" => 2048,
        "ECPublicKey" => 256,
        _ => return,
    };
    if *bits < least {
        findings.push(&RULE, at, format!("{bits} bits, and {least} are the least"));
    }
}
