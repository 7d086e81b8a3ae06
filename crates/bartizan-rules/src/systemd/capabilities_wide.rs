//! A service may become as mighty as root.

use super::lacking::{Cure, report};
use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A service may become as mighty as root.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-capabilities-wide",
        title: "A service may become as mighty as root",
        why: "Capabilities are the parts of what root may do. Some of them, such as CAP_SYS_ADMIN, lead to all the \
              others. A service that needs none should be able to gain none.",
        fix: &[(Systemd, "[Service]\nCapabilityBoundingSet=~CAP_SYS_ADMIN CAP_SYS_PTRACE")],
        references: &[
            Spec(
                "systemd: CapabilityBoundingSet=",
                "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#CapabilityBoundingSet=",
            ),
            Cwe(250),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::Medium,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\n"),
    good: Example::File(
        Format::Systemd,
        "[Service]\nExecStart=/usr/bin/app\nCapabilityBoundingSet=~CAP_SYS_ADMIN CAP_SYS_PTRACE\n",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    report(&RULE, facts, findings, CURES);
}

const CURES: &[Cure] = &[
    Cure {
        setting: "CapabilityBoundingSet_CAP_SYS_ADMIN",
        key: "CapabilityBoundingSet",
        values: &["~CAP_SYS_ADMIN CAP_SYS_PTRACE"],
        safety: Safety::Risky("a service that mounts, traces or administers stops working"),
    },
    Cure {
        setting: "CapabilityBoundingSet_CAP_SYS_PTRACE",
        key: "CapabilityBoundingSet",
        values: &["~CAP_SYS_ADMIN CAP_SYS_PTRACE"],
        safety: Safety::Risky("a service that mounts, traces or administers stops working"),
    },
];
