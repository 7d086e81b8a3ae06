//! A service may take the processor for itself.

use super::lacking::{Cure, report};
use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A service may take the processor for itself.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-realtime-allowed",
        title: "A service may take the processor for itself",
        why: "A process of the realtime class runs before all others for as long as it likes. A service that is taken \
              over stops the machine with it. Only sound and control need it.",
        fix: &[(Systemd, "[Service]\nRestrictRealtime=true")],
        references: &[
            Spec(
                "systemd: RestrictRealtime=",
                "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#RestrictRealtime=",
            ),
            Cwe(770),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::Info,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\n"),
    good: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\nRestrictRealtime=true\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    report(&RULE, facts, findings, CURES);
}

const CURES: &[Cure] = &[Cure {
    setting: "RestrictRealtime",
    key: "RestrictRealtime",
    values: &["true"],
    safety: Safety::Risky("a service for sound or control may miss its moments"),
}];
