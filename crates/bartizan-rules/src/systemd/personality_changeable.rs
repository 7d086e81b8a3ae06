//! A service may change how the kernel treats it.

use super::lacking::{Cure, report};
use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A service may change how the kernel treats it.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-personality-changeable",
        title: "A service may change how the kernel treats it",
        why: "Old personalities of the kernel are rarely used and rarely tested. Some of them switch off protections \
              of memory. Hardly any service needs another than the usual one.",
        fix: &[(Systemd, "[Service]\nLockPersonality=true")],
        references: &[
            Spec(
                "systemd: LockPersonality=",
                "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#LockPersonality=",
            ),
            Cwe(693),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::Info,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\n"),
    good: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\nLockPersonality=true\n"),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    report(&RULE, facts, findings, CURES);
}

const CURES: &[Cure] =
    &[Cure { setting: "LockPersonality", key: "LockPersonality", values: &["true"], safety: Safety::Safe }];
