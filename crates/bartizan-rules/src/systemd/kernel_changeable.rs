//! A service can change the kernel.

use super::lacking::{Cure, report};
use crate::explanation::Platform::Systemd;
use crate::explanation::Reference::{Cwe, Spec};
use crate::{Example, Explanation, Facts, Findings, Format, Rule, Safety, Severity, Topic};

/// A service can change the kernel.
pub static RULE: Rule = Rule {
    about: Explanation {
        id: "unit-kernel-changeable",
        title: "A service can change the kernel",
        why: "Kernel variables, modules, logs and control groups are the whole machine's. Whoever takes over a service \
              with enough rights changes the machine by them, and hides in it. A web app needs none of these.",
        fix: &[(
            Systemd,
            "[Service]\nProtectKernelTunables=true\nProtectKernelModules=true\nProtectKernelLogs=true\nProtectControlGroups=true",
        )],
        references: &[
            Spec(
                "systemd: ProtectKernelTunables=",
                "https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#ProtectKernelTunables=",
            ),
            Cwe(732),
        ],
    },
    topic: Topic::Systemd,
    severity: Severity::Low,
    bad: Example::File(Format::Systemd, "[Service]\nExecStart=/usr/bin/app\n"),
    good: Example::File(
        Format::Systemd,
        "[Service]\nExecStart=/usr/bin/app\nProtectKernelTunables=true\nProtectKernelModules=true\nProtectKernelLogs=true\nProtectControlGroups=true\n",
    ),
    check,
};

fn check(facts: &Facts, findings: &mut Findings) {
    report(&RULE, facts, findings, CURES);
}

const CURES: &[Cure] = &[
    Cure {
        setting: "ProtectKernelTunables",
        key: "ProtectKernelTunables",
        values: &["true"],
        safety: Safety::Risky("a service that manages the machine, such as one for containers, stops working"),
    },
    Cure {
        setting: "ProtectKernelModules",
        key: "ProtectKernelModules",
        values: &["true"],
        safety: Safety::Risky("a service that manages the machine, such as one for containers, stops working"),
    },
    Cure {
        setting: "ProtectKernelLogs",
        key: "ProtectKernelLogs",
        values: &["true"],
        safety: Safety::Risky("a service that manages the machine, such as one for containers, stops working"),
    },
    Cure {
        setting: "ProtectControlGroups",
        key: "ProtectControlGroups",
        values: &["true"],
        safety: Safety::Risky("a service that manages the machine, such as one for containers, stops working"),
    },
];
