//! A private key is world-readable.

use crate::explanation::Platform::Environment;
use crate::explanation::Reference::Cwe;
use crate::rule::Format;
use crate::{Example, Explanation, Facts, Findings, Provenance, Rule, Severity, Topic};

/// Anybody on the machine can read this private key.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "private-key-readable",
        title: "Anybody on the machine can read this private key",
        why: "Who has the key of a certificate can answer in the site's name. Every account on the machine, that of a \
              broken-in web app among them, can read it here. A server reads it as root before it serves.",
        fix: &[(Environment, "chmod 600 site.key")],
        references: &[Cwe(732)],
    },
    topic: Topic::Secrets,
    severity: Severity::High,
    bad: Example::File(
        Format::Key,
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n",
    ),
    good: Example::File(Format::Key, "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for file in facts.key_files().iter().filter(|file| file.is_world_readable) {
        let finding = findings.push(
            &RULE,
            &Provenance::File(file.at.clone()),
            "everybody on this machine may read the private key in this file",
        );
        if file.is_encrypted {
            finding.severity(Severity::Low);
        }
    }
}
