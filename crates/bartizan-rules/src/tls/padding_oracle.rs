//! Answers tell right padding from wrong.

use super::fixes;
use crate::explanation::Reference::{Cve, Rfc, Spec};
use crate::facts::handshake::Robot;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// Answers tell right padding from wrong.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "padding-oracle",
        title: "Answers tell right padding from wrong",
        why: "The server answers differently when the secret under its key is padded wrongly (ROBOT). Asked often \
              enough, it decrypts recorded traffic for anyone, or signs in its own name.",
        fix: fixes::MODERN_SUITES,
        references: &[
            Spec("ROBOT: Return Of Bleichenbacher's Oracle Threat", "https://robotattack.org/"),
            Cve("CVE-2017-13099"),
            Rfc(5246, "7.4.7.1"),
        ],
    },
    topic: Topic::Tls,
    severity: Severity::High,
    bad: Example::Handshake("oracle: yes"),
    good: Example::Handshake("oracle: no"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    match server.robot {
        Some(Robot::Strong) => {
            findings.push(&RULE, at, "kinds of wrong padding are told apart");
        }
        Some(Robot::Weak) => {
            findings.push(&RULE, at, "wrong padding is told from right").severity(Severity::Medium);
        }
        Some(Robot::Silent | Robot::NotOffered | Robot::Unsteady) | None => {}
    }
}
