//! The certificate lives longer than browsers allow.

use super::fixes;
use crate::explanation::Reference::Spec;
use crate::facts::handshake::{DAY, Trust};
use crate::facts::{Handshake, Provenance};
use crate::{Example, Explanation, Facts, Findings, Rule, Severity, Topic};

/// The certificate lives longer than browsers allow.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "certificate-lifetime-long",
        title: "The certificate lives longer than browsers allow",
        why: "Browsers refuse public certificates that were issued for longer than the limit of their day: 398 \
              days, 200 since 15 March 2026, 100 from 15 March 2027, 47 from 15 March 2029. Long lives keep stolen \
              keys and forgotten names good for long.",
        fix: fixes::RENEWED_CERTIFICATE,
        references: &[
            Spec(
                "CA/Browser Forum: Baseline Requirements",
                "https://cabforum.org/working-groups/server/baseline-requirements/requirements/",
            ),
            Spec("Apple: limits on trusted certificates", "https://support.apple.com/102028"),
        ],
    },
    topic: Topic::Tls,
    severity: Severity::Medium,
    bad: Example::Handshake("issued-after-seen-days: 80\nvalid-days: 300"),
    good: Example::Handshake("issued-after-seen-days: 80\nvalid-days: 199"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    for seen in facts.handshakes() {
        check_server(&seen.value, &seen.at, findings);
    }
}

fn check_server(server: &Handshake, at: &Provenance, findings: &mut Findings) {
    let Some(certificate) = &server.certificate else { return };
    // A second is part of the life at both ends (RFC 5280, 4.1.2.5).
    let life = certificate.not_after - certificate.not_before + 1;
    let limit = limit(certificate.not_before);
    if life > limit * DAY {
        let finding = findings.push(&RULE, at, format!("{} days, and {limit} are allowed", (life + DAY - 1) / DAY));
        if certificate.trust != Trust::Public {
            finding.severity(Severity::Info);
        }
    }
}

/// Returns how many days a certificate may live that is issued at a moment (Baseline Requirements, 6.3.2).
fn limit(issued: i64) -> i64 {
    let limits = [(MARCH_2029, 47), (MARCH_2027, 100), (MARCH_2026, 200)];
    limits.into_iter().find(|(from, _)| issued >= *from).map_or(398, |(_, days)| days)
}

/// 15 March 2026, 0:00 UTC.
const MARCH_2026: i64 = 1_773_532_800;
/// 15 March 2027, 0:00 UTC.
const MARCH_2027: i64 = 1_805_068_800;
/// 15 March 2029, 0:00 UTC.
const MARCH_2029: i64 = 1_868_227_200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_issue_decides() {
        for (issued, days) in [
            (MARCH_2026 - 1, 398),
            (MARCH_2026, 200),
            (MARCH_2027 - 1, 200),
            (MARCH_2027, 100),
            (MARCH_2029 - 1, 100),
            (MARCH_2029, 47),
        ] {
            assert_eq!(limit(issued), days, "{issued}");
        }
    }
}
