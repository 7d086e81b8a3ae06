//! The certificate expires within days.

use super::fixes;
use crate::explanation::Reference::Spec;
use crate::facts::handshake::DAY;
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The certificate expires within days.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "certificate-expires-soon",
        title: "The certificate expires within days",
        why: "Certificates that renew themselves are replaced when a third of their life is left. One that is \
              nearly over means that renewal has failed or is somebody's duty, and the site fails on the day it is \
              forgotten.",
        fix: fixes::RENEWED_CERTIFICATE,
        references: &[Spec("Let's Encrypt: integration guide", "https://letsencrypt.org/docs/integration-guide/")],
    },
    topic: Topic::Tls,
    severity: Severity::Medium,
    bad: Example::Handshake("ends-in-days: 3"),
    good: Example::Handshake("ends-in-days: 60"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let Some(certificate) = &server.certificate else { return };
    let days = (certificate.not_after - server.seen).div_euclid(DAY);
    // A certificate of a week is always about to end.
    let is_short_lived = certificate.not_after - certificate.not_before <= 10 * DAY;
    if (0..7).contains(&days) && !is_short_lived {
        findings.push(&RULE, at, format!("in {days} days"));
    }
}
