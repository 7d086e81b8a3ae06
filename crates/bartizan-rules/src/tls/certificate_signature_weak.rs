//! A certificate is signed over SHA-1 or MD5.

use super::fixes;
use crate::explanation::Reference::{Rfc, Spec};
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// A certificate is signed over SHA-1 or MD5.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "certificate-signature-weak",
        title: "A certificate is signed over SHA-1 or MD5",
        why: "Two certificates with the same such hash can be made on purpose: one that the authority signs, and \
              one that it would never sign. Browsers refuse both since 2017.",
        fix: fixes::RENEWED_CERTIFICATE,
        references: &[
            Rfc(6194, ""),
            Spec(
                "CA/Browser Forum: Baseline Requirements",
                "https://cabforum.org/working-groups/server/baseline-requirements/requirements/",
            ),
        ],
    },
    topic: Topic::Tls,
    severity: Severity::High,
    bad: Example::Handshake("signature: sha1"),
    good: Example::Handshake("signature: sha256"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let Some(certificate) = &server.certificate else { return };
    if certificate.has_weak_signature {
        findings.push(
            &RULE,
            at,
            format!("a link of the chain is signed over a broken hash; the first over {}", certificate.signature),
        );
    }
}
